//! Every field of the promotion form, and every way in which it can be wrong.

use crate::world::{DEV, PROD, STAGING, World, account, environment, project, promotion};
use domain::{Actor, Plan, ProposalWord};
use operations::accounts::{Registry, fill_from_config};
use operations::promotions::{self, PromotionForm};
use operations::{Field, FieldCode, OpError};

fn errors(result: Result<operations::Proposed, OpError>) -> Vec<(Field, FieldCode, Option<u32>)> {
    match result {
        Err(OpError::Invalid(errors)) => errors
            .into_iter()
            .map(|error| (error.field, error.code, error.line))
            .collect(),
        other => panic!("not invalid: {other:?}"),
    }
}

#[tokio::test]
async fn each_field_is_held_to_its_limits() {
    type Edit = fn(&mut PromotionForm);
    use Field as F;
    use FieldCode as C;
    let world = World::new(0).await;
    let cases: &[(Edit, F, C)] = &[
        (|f| f.source_version.clear(), F::SourceVersion, C::Required),
        (
            |f| f.source_version = "v7".to_owned(),
            F::SourceVersion,
            C::NotAVersionArn,
        ),
        (
            |f| f.source_version.insert(0, ' '),
            F::SourceVersion,
            C::NotAVersionArn,
        ),
        (
            |f| f.source_version = f.source_version.replace(DEV, "444444444444"),
            F::SourceVersion,
            C::AccountNotConfigured,
        ),
        (
            |f| {
                f.source_version = f
                    .source_version
                    .replace("v7/1656611123456", "v8/1656611123499");
            },
            F::SourceVersion,
            C::SourceNotReady,
        ),
        (
            |f| f.source_version = f.source_version.replace("inspector", "unseen"),
            F::SourceProject,
            C::SourceProjectUnknown,
        ),
        (
            |f| f.source_project = "inspector".to_owned(),
            F::SourceProject,
            C::NotAProjectArn,
        ),
        (
            |f| f.source_project = project(STAGING).to_string(),
            F::SourceProject,
            C::OtherProject,
        ),
        (
            |f| f.destination_project.clear(),
            F::DestinationProject,
            C::Required,
        ),
        (
            |f| f.destination_project = f.source_version.clone(),
            F::DestinationProject,
            C::NotAProjectArn,
        ),
        (
            |f| f.destination_project = f.destination_project.replace(PROD, "444444444444"),
            F::DestinationProject,
            C::AccountNotConfigured,
        ),
        (
            |f| f.destination_project = f.destination_project.replace("eu-west-1", "us-east-1"),
            F::DestinationProject,
            C::OtherRegion,
        ),
        (
            |f| f.destination_project = f.destination_project.replace("arn:aws:", "arn:aws-cn:"),
            F::DestinationProject,
            C::OtherPartition,
        ),
        (|f| f.version_name.clear(), F::VersionName, C::Required),
        (
            |f| f.version_name = "v 7".to_owned(),
            F::VersionName,
            C::NotAVersionName,
        ),
        (
            |f| f.version_name = "v".repeat(256),
            F::VersionName,
            C::NotAVersionName,
        ),
        (
            |f| f.version_name = "v6".to_owned(),
            F::VersionName,
            C::VersionNameTaken,
        ),
        (|f| f.bucket.clear(), F::Bucket, C::Required),
        (|f| f.bucket = "ab".to_owned(), F::Bucket, C::NotABucketName),
        (
            |f| f.bucket = "s3://bucket".to_owned(),
            F::Bucket,
            C::NotABucketName,
        ),
        (|f| f.bucket = "b".repeat(256), F::Bucket, C::NotABucketName),
        (|f| f.prefix = "a\nb".to_owned(), F::Prefix, C::NotAPrefix),
        (|f| f.prefix = "p".repeat(993), F::Prefix, C::PrefixTooLong),
        (
            |f| f.kms_key = "/alias".to_owned(),
            F::KmsKey,
            C::NotAKmsKey,
        ),
        (|f| f.kms_key = "k".repeat(2049), F::KmsKey, C::NotAKmsKey),
        (
            |f| f.kms_key = format!("arn:aws:kms:us-east-1:{PROD}:key/1234abcd"),
            F::KmsKey,
            C::KmsKeyOtherRegion,
        ),
        (
            |f| f.kms_key = format!("arn:aws:kms:us-east-1:{PROD}:alias/models"),
            F::KmsKey,
            C::KmsKeyOtherRegion,
        ),
        (
            |f| f.reason = "\u{7}bell".to_owned(),
            F::Reason,
            C::NotAReason,
        ),
        (|f| f.reason = "r".repeat(2001), F::Reason, C::NotAReason),
        (|f| f.form_id = "a b".to_owned(), F::FormId, C::NotAFormId),
        (|f| f.form_id = "k".repeat(201), F::FormId, C::NotAFormId),
    ];
    let before = world.written().await;
    for (index, (edit, field, code)) in cases.iter().enumerate() {
        let mut form = promotion();
        edit(&mut form);
        let found = errors(promotions::propose(&world.cx, &form).await);
        assert_eq!(found, [(*field, *code, None)], "case {index}");
    }
    assert_eq!(world.written().await, before);
}

#[tokio::test]
async fn a_region_that_is_not_registered_is_refused_at_both_ends() {
    let world = World::new(0).await;
    let mut form = promotion();
    form.source_version = form.source_version.replace("eu-west-1", "eu-north-1");
    form.source_project = project(DEV).to_string().replace("eu-west-1", "eu-north-1");
    form.destination_project = form.destination_project.replace("eu-west-1", "eu-north-1");
    let found = errors(promotions::propose(&world.cx, &form).await);
    let expected = [Field::SourceVersion, Field::DestinationProject]
        .map(|field| (field, FieldCode::RegionNotConfigured, None));
    assert_eq!(found, expected);
}

#[tokio::test]
async fn each_line_of_tags_is_named() {
    use FieldCode as C;
    let world = World::new(0).await;
    let long_key = format!("{}=x", "k".repeat(129));
    let long_value = format!("k={}", "v".repeat(257));
    let cases: &[(&str, &[(C, u32)])] = &[
        ("team", &[(C::TagWithoutValue, 1)]),
        ("a=1\n=2", &[(C::NotATag, 2)]),
        ("a=1\nb=2\na=3", &[(C::TagTwice, 3)]),
        ("aws:x=1", &[(C::TagReserved, 1)]),
        ("\nCustomHouse:x=1", &[(C::TagReserved, 2)]),
        ("a=<b>", &[(C::NotATag, 1)]),
        (&long_key, &[(C::NotATag, 1)]),
        (&long_value, &[(C::NotATag, 1)]),
        (
            "x\nok=1\naws:y=2",
            &[(C::TagWithoutValue, 1), (C::TagReserved, 3)],
        ),
    ];
    for (tags, expected) in cases {
        let form = PromotionForm {
            tags: (*tags).to_owned(),
            ..promotion()
        };
        let found = errors(promotions::propose(&world.cx, &form).await);
        let expected: Vec<_> = expected
            .iter()
            .map(|(code, line)| (Field::Tags, *code, Some(*line)))
            .collect();
        assert_eq!(found, expected, "{tags:?}");
    }
    let many = |count: usize| PromotionForm {
        tags: (0..count)
            .map(|number| format!("k{number}=v"))
            .collect::<Vec<_>>()
            .join("\n"),
        ..promotion()
    };
    let found = errors(promotions::propose(&world.cx, &many(199)).await);
    assert_eq!(found, [(Field::Tags, C::TooManyTags, None)]);
    promotions::propose(&world.cx, &many(198)).await.unwrap();
}

#[tokio::test]
async fn all_bad_fields_are_told_at_once() {
    let world = World::new(0).await;
    let form = PromotionForm {
        tags: "x".to_owned(),
        kms_key: "?".to_owned(),
        ..PromotionForm::default()
    };
    let found = errors(promotions::propose(&world.cx, &form).await);
    let fields: Vec<_> = found.iter().map(|(field, _, _)| *field).collect();
    let expected = [
        Field::SourceVersion,
        Field::DestinationProject,
        Field::VersionName,
        Field::Bucket,
        Field::KmsKey,
        Field::Tags,
    ];
    assert_eq!(fields, expected);
}

#[tokio::test]
async fn values_at_the_limits_are_taken() {
    let world = World::new(0).await;
    let edits: [fn(&mut PromotionForm); 7] = [
        |f| f.version_name = "v".repeat(255),
        |f| f.bucket = "b".repeat(255),
        |f| f.prefix = "p".repeat(992),
        |f| f.kms_key = "k".repeat(2048),
        |f| f.kms_key = format!("arn:aws:kms:eu-west-1:{PROD}:key/1234abcd"),
        |f| f.kms_key = "alias/us-east-1".to_owned(),
        |f| f.reason = "r".repeat(2000),
    ];
    for (index, edit) in edits.iter().enumerate() {
        let mut form = PromotionForm {
            version_name: format!("v7-{index}"),
            ..promotion()
        };
        edit(&mut form);
        let proposed = promotions::propose(&world.cx, &form).await;
        assert!(proposed.is_ok(), "case {index}: {proposed:?}");
    }
}

/// The example of the page `CopyProjectVersion`, Amazon Rekognition API reference.
#[tokio::test]
async fn the_example_of_aws_is_taken() {
    let world = World::empty().await;
    let registry = Registry {
        environments: vec![environment("dev", 0, 0), environment("prod", 1, 0)],
        accounts: vec![
            account("111122223333", "source", "dev"),
            account("555555555555", "destination", "prod"),
        ],
    };
    fill_from_config(&world.cx.acting_as(Actor::Configuration), &registry)
        .await
        .unwrap();
    let form = PromotionForm {
        source_project:
            "arn:aws:rekognition:us-east-1:111122223333:project/SourceProject/16565123456"
                .to_owned(),
        source_version: "arn:aws:rekognition:us-east-1:111122223333:project/SourceProject/version/model_1/1656611123456".to_owned(),
        destination_project:
            "arn:aws:rekognition:us-east-1:555555555555:project/DestinationProject/1656705098765"
                .to_owned(),
        version_name: "DestinationVersionName_cross_account".to_owned(),
        bucket: "S3-bucket-name".to_owned(),
        prefix: "S3-folder-name".to_owned(),
        kms_key: "arn:1234abcd-12ab-34cd-56ef-1234567890ab".to_owned(),
        tags: "key1=val1".to_owned(),
        ..PromotionForm::default()
    };
    let proposed = promotions::propose(&world.cx, &form).await.unwrap();
    assert_eq!(proposed.proposal.word, ProposalWord::Approved);
    let view = promotions::get(&world.cx, &proposed.proposal.id.to_string())
        .await
        .unwrap();
    let Plan::Promotion(plan) = view.plan else {
        panic!("not a promotion");
    };
    let key = plan.kms_key.as_ref().map(domain::KmsKeyRef::as_str);
    assert_eq!(key, Some("arn:1234abcd-12ab-34cd-56ef-1234567890ab"));
    assert_eq!(plan.source_project.number(), "16565123456");
    assert_eq!(
        view.row.arrow.to_string(),
        "SourceProject model_1 as DestinationVersionName_cross_account · source → destination · \
         us-east-1"
    );
}
