//! Environments, rules, accounts and role tests.

use crate::database::on_each;
use crate::samples::{account, at, environment, registry, rule};
use domain::{EnvironmentColour, RolePurpose};
use serde_json::json;
use store::role_tests::RoleTestRow;
use store::{Constraint, StoreError, accounts, environments, role_tests};

#[tokio::test]
async fn environments_read_back_in_the_order_of_their_stages() {
    on_each(async |database| {
        let mut prod = environment("prod", 3);
        prod.rule.approvals = 2;
        let mut dev = environment("dev", 1);
        dev.protected = false;
        dev.colour = EnvironmentColour::Dev;
        let mut tx = database.store.begin().await.unwrap();
        environments::insert(&mut tx, &prod, at(0)).await.unwrap();
        environments::insert(&mut tx, &dev, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = database.store.read().await.unwrap();
        let list = environments::list(&mut reader).await.unwrap();
        assert_eq!(list, [dev, prod.clone()]);
        let found = environments::find(&mut reader, &prod.name).await.unwrap();
        assert_eq!(found, Some(prod));
        let none = environments::find(&mut reader, &"qa".parse().unwrap()).await;
        assert_eq!(none.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_new_rule_follows_the_present_one_and_former_rules_stay() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        let mut second = rule("prod", 2);
        second.approvals = 3;
        for wrong in [1, 3] {
            let refused = environments::add_rule(&mut tx, &rule("prod", wrong), at(1)).await;
            let conflict = matches!(
                refused,
                Err(StoreError::Conflict {
                    table: "environments"
                })
            );
            assert!(conflict, "version {wrong}: {refused:?}");
        }
        environments::add_rule(&mut tx, &second, at(1))
            .await
            .unwrap();
        let prod = environments::find(&mut tx, &"prod".parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(prod.rule, second);
        let first = rule("prod", 1);
        let former = environments::rule(&mut tx, &first.reference).await.unwrap();
        assert_eq!(former, Some(first));
        let none = environments::rule(&mut tx, &rule("prod", 3).reference).await;
        assert_eq!(none.unwrap(), None);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn accounts_read_back_in_the_order_they_were_added() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        let early = account("000000000001", "a-first-by-name", "dev");
        accounts::insert(&mut tx, &early, at(1)).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = database.store.read().await.unwrap();
        let list = accounts::list(&mut reader).await.unwrap();
        let expected = [
            account("111111111111", "vision-dev", "dev"),
            account("333333333333", "vision-prod", "prod"),
            early.clone(),
        ];
        assert_eq!(list, expected);
        let found = accounts::find(&mut reader, &early.number).await.unwrap();
        assert_eq!(found, Some(early.clone()));
        let found = accounts::find_by_alias(&mut reader, &early.alias).await;
        assert_eq!(found.unwrap(), Some(early));
        let none = accounts::find(&mut reader, &"999999999999".parse().unwrap()).await;
        assert_eq!(none.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn what_must_be_unique_is_refused_by_name() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        tx.commit().await.unwrap();
        for (number, alias, expected) in [
            ("111111111111", "other", Constraint::AccountNumber),
            ("222222222222", "vision-dev", Constraint::AccountAlias),
        ] {
            let mut tx = database.store.begin().await.unwrap();
            let refused = accounts::insert(&mut tx, &account(number, alias, "dev"), at(1)).await;
            assert!(
                matches!(&refused, Err(StoreError::Constraint(found)) if *found == expected),
                "{expected:?}: {refused:?}"
            );
        }
        for (name, position, expected) in [
            ("dev", 9, Constraint::EnvironmentName),
            ("qa", 1, Constraint::EnvironmentPosition),
        ] {
            let mut tx = database.store.begin().await.unwrap();
            let new = environment(name, position);
            let refused = environments::insert(&mut tx, &new, at(1)).await;
            assert!(
                matches!(&refused, Err(StoreError::Constraint(found)) if *found == expected),
                "{expected:?}: {refused:?}"
            );
        }
        let mut tx = database.store.begin().await.unwrap();
        let homeless = account("222222222222", "homeless", "nowhere");
        let refused = accounts::insert(&mut tx, &homeless, at(1)).await;
        assert!(matches!(refused, Err(StoreError::Db(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn only_the_last_test_of_a_role_is_kept() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        let test = |moment: i64, good: bool| RoleTestRow {
            account: "111111111111".parse().unwrap(),
            purpose: RolePurpose::Reader,
            tested_at: at(moment),
            result: json!({ "good": good }),
        };
        role_tests::save(&mut tx, &test(1, false)).await.unwrap();
        role_tests::save(&mut tx, &test(2, true)).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = database.store.read().await.unwrap();
        let list = role_tests::list(&mut reader).await.unwrap();
        assert_eq!(list, [test(2, true)]);
        let number = "111111111111".parse().unwrap();
        let found = role_tests::find(&mut reader, &number, RolePurpose::Reader).await;
        assert_eq!(found.unwrap(), Some(test(2, true)));
        let none = role_tests::find(&mut reader, &number, RolePurpose::Promoter).await;
        assert_eq!(none.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_value_that_this_program_never_writes_is_named() {
    on_each(async |database| {
        let mut tx = database.store.begin().await.unwrap();
        registry(&mut tx).await;
        tx.commit().await.unwrap();
        database
            .tamper("UPDATE accounts SET regions = '[\"EU\"]' WHERE number = '333333333333'")
            .await;
        let mut reader = database.store.read().await.unwrap();
        let refused = accounts::list(&mut reader).await;
        let Err(StoreError::Inconsistent { table, column, row }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!((table, column), ("accounts", "regions"));
        assert_eq!(row, "333333333333");
    })
    .await;
}
