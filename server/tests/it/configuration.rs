//! What the configuration allows.

use server::config::Config;
use server::startup::{Machine, Server, StartError};

use crate::support::{FakeAws, configuration, run, write_site};

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let aws = FakeAws::start(1.0).await;
    write_site(&folder.path().join("site"));
    let text = configuration(folder.path(), &aws);
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let open = text.replace("127.0.0.1:0", address);
        let refused = Config::from_toml(&open).err().unwrap().to_string();
        assert!(
            refused.contains("server.public_url is missing") && refused.contains(address),
            "{refused}"
        );

        let mut config = Config::from_toml(&text).unwrap();
        config.server.listen = address.parse().unwrap();
        let machine = Machine::real(&config).await;
        let refused = Server::start(&config, machine).await.err().unwrap();
        assert!(matches!(refused, StartError::NotLoopback(_)), "{refused}");
    }
}

#[test]
fn an_unknown_key_is_refused_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("customhouse.toml");
    std::fs::write(&file, "[server]\nlistn = \"127.0.0.1:0\"\n").unwrap();
    for command in ["serve", "check", "migrate"] {
        let output = run(folder.path(), &[command]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("server.listn is not a key"), "{said}");
        assert!(said.contains("customhouse.toml"), "{said}");
    }
}

#[test]
fn the_environment_overrides_the_file_and_its_keys_are_checked_too() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("customhouse.toml"),
        "[database]\nurl = \"a.sqlite\"\n",
    )
    .unwrap();
    let migrate = |variable: &str, value: &str| {
        let mut command = crate::support::command(folder.path());
        command
            .arg("migrate")
            .env(variable, value)
            .output()
            .unwrap()
    };
    let output = migrate("CUSTOMHOUSE_DATABASE__URL", "b.sqlite");
    assert!(output.status.success(), "{output:?}");
    assert!(folder.path().join("b.sqlite").exists());
    assert!(!folder.path().join("a.sqlite").exists());

    let output = migrate("CUSTOMHOUSE_SERVER__LISTN", "127.0.0.1:1");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("server.listn is not a key"), "{said}");
    assert!(said.contains("environment"), "{said}");
}

#[tokio::test]
async fn a_filled_database_is_not_changed_by_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let aws = FakeAws::start(1.0).await;
    write_site(&folder.path().join("site"));
    let text = configuration(folder.path(), &aws);
    let start = async |text: &str| {
        let config = Config::from_toml(text).unwrap();
        let machine = Machine::real(&config).await;
        Server::start(&config, machine).await.unwrap()
    };
    let aliases = async |server: &Server| {
        let mut reader = server.state().store.read().await.unwrap();
        let accounts = store::accounts::list(&mut reader).await.unwrap();
        accounts
            .iter()
            .map(|account| account.alias.to_string())
            .collect::<Vec<_>>()
    };
    let first = start(&text).await;
    assert_eq!(
        aliases(&first).await,
        ["vision-dev", "vision-staging", "vision-prod"]
    );
    drop(first);
    let second = start(&text.replace("vision-dev", "other-dev")).await;
    assert_eq!(
        aliases(&second).await,
        ["vision-dev", "vision-staging", "vision-prod"]
    );
}
