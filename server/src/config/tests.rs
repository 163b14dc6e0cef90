use super::*;

fn problems(text: &str) -> String {
    match Config::from_toml(text) {
        Ok(config) => match config.registry() {
            Ok(registry) => panic!("accepted: {registry:?}"),
            Err(error) => error.to_string(),
        },
        Err(error) => error.to_string(),
    }
}

const WORLD: &str = r#"
[[environment]]
name = "dev"
colour = "dev"

[[environment]]
name = "prod"
colour = "prod"
protected = true
run_within_hours = 24

[[account]]
number = "111111111111"
alias = "vision-dev"
environment = "dev"
regions = ["eu-west-1", "us-east-1"]
external_id = "ch-00112233445566778899aabbccddeeff"

[[account]]
number = "333333333333"
alias = "vision-prod"
environment = "prod"
regions = ["us-gov-west-1"]
promoter = "arn:aws-us-gov:iam::333333333333:role/team/promoter"
external_id = "ch-ffeeddccbbaa99887766554433221100"
"#;

const GROUP: &str = "[[sign_in.group]]\ngroup = \"a\"\nrole = \"viewer\"\n";

/// A provider with this key set to this text.
fn provider(key: &str, value: &str) -> String {
    let mut keys = vec![
        ("issuer", "https://login.example.org"),
        ("client_id", "customhouse"),
    ];
    keys.retain(|(name, _)| *name != key);
    keys.push((key, value));
    let lines = keys
        .iter()
        .map(|(key, value)| format!("{key} = {value:?}\n"));
    format!("\n[sign_in.oidc]\n{}", lines.collect::<String>())
}

#[test]
fn a_provider_is_read_with_its_groups() {
    let text = format!(
        "{WORLD}{}{GROUP}[[sign_in.group]]\ngroup = \"leads\"\nrole = \"approver\"\nenvironment = \"prod\"",
        provider("client_secret", "canary"),
    );
    let config = Config::from_toml(&text).unwrap();
    assert!(!format!("{config:?}").contains("canary"));
    assert!(serde_json::to_string(&config.sign_in).is_err());
    let settings = config.sign_in.settings();
    assert_eq!(
        (settings.idle_ms, settings.longest_ms),
        (3_600_000, 28_800_000)
    );
    let roles: Vec<_> = settings
        .group_roles
        .iter()
        .map(|(group, role)| format!("{group} → {role}"))
        .collect();
    assert_eq!(roles, ["a → viewer", "leads → approver:prod"]);
    let oidc = config.sign_in.oidc.unwrap();
    assert_eq!(oidc.client_secret().unwrap().reveal(), "canary");
    assert!(!oidc.is_loopback());
}

#[test]
fn a_provider_on_this_machine_may_do_without_tls() {
    for issuer in [
        "http://127.0.0.1:4000",
        "http://localhost:4000",
        "http://[::1]:4000/a",
    ] {
        let config = Config::from_toml(&provider("issuer", issuer)).unwrap();
        assert!(config.sign_in.oidc.unwrap().is_loopback(), "{issuer}");
    }
}

#[test]
fn an_empty_file_is_a_configuration() {
    let config = Config::from_toml("").unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(
        config.database.url().to_string(),
        "sqlite:customhouse.sqlite"
    );
    assert!(config.aws.endpoint_url.is_none());
}

#[test]
fn environments_and_accounts_are_typed() {
    let registry = Config::from_toml(WORLD).unwrap().registry().unwrap();
    let [dev, prod] = registry.environments.as_slice() else {
        panic!("{registry:?}")
    };
    assert_eq!((dev.position, prod.position), (0, 1));
    assert_eq!(prod.rule.run_within_ms, 24 * 60 * 60 * 1000);
    assert_eq!(prod.rule.approvals, 0);
    let roles: Vec<_> = registry
        .accounts
        .iter()
        .flat_map(|a| [a.reader.to_string(), a.promoter.to_string()])
        .collect();
    assert_eq!(
        roles,
        [
            "arn:aws:iam::111111111111:role/customhouse-reader",
            "arn:aws:iam::111111111111:role/customhouse-promoter",
            "arn:aws-us-gov:iam::333333333333:role/customhouse-reader",
            "arn:aws-us-gov:iam::333333333333:role/team/promoter",
        ]
    );
}

#[test]
fn unknown_keys_are_refused_with_their_path() {
    for (text, path) in [
        (
            "[server]\nlisten_on = \"127.0.0.1:1\"",
            "server.listen_on is not a key",
        ),
        ("[sever]\nlisten = \"127.0.0.1:1\"", "sever is not a key"),
        (
            &format!("{WORLD}\ncolor = \"prod\""),
            "account[1].color is not a key",
        ),
    ] {
        let problems = problems(text);
        assert!(problems.contains(path), "{problems}");
    }
}

#[test]
fn everything_that_an_open_address_lacks_is_said_at_once() {
    let said = problems(
        "[server]\nlisten = \"192.0.2.1:80\"\ntrusted_proxies = [\"proxy\", \"0.0.0.0/0\"]\n\
         allowed_hosts = [\"a/b\"]",
    );
    for path in [
        "server.public_url is missing",
        "server.trusted_proxies[0] must be",
        "server.trusted_proxies[1] would",
        "server.allowed_hosts[0] must be",
    ] {
        assert!(said.contains(path), "{path}: {said}");
    }
}

#[test]
fn an_open_address_is_accepted_behind_tls() {
    let text = "[server]\nlisten = \"0.0.0.0:3000\"\npublic_url = \"https://console.example.org\"\n\
                trusted_proxies = [\"10.0.0.0/24\", \"2001:db8::1\"]";
    let config = Config::from_toml(text).unwrap();
    assert!(config.server.is_closed_or_behind_tls());
}

#[test]
fn wrong_values_are_refused_with_their_path() {
    for (text, path) in [
        (
            "[server]\nlisten = \"0.0.0.0:3000\"",
            "server.public_url is missing, and other machines can reach 0.0.0.0:3000",
        ),
        (
            "[server]\nlisten = \"[::]:3000\"\npublic_url = \"http://console.example.org\"",
            "server.public_url is http://console.example.org, and other machines",
        ),
        (
            "[server]\ntrusted_proxies = [\"10.0.0.0/24\", \"10.0.0.1/24\"]",
            "server.trusted_proxies[1] ",
        ),
        ("[server]\nlisten = \"localhost\"", "server.listen "),
        (
            "[server]\npublic_url = \"http://a/b\"",
            "server.public_url must be",
        ),
        (
            "[server]\npublic_url = \"ftp://a\"",
            "server.public_url must be",
        ),
        (
            "[server]\nallowed_hosts = [\"a\", \"b/c\"]",
            "server.allowed_hosts[1] must be",
        ),
        ("[database]\nurl = \"mysql://a\"", "database.url must be"),
        ("[database]\nurl = 3", "database.url must be a"),
        ("[database]\nurl = \"\"", "database.url is empty"),
        (
            "[aws]\nendpoint_url = \"unix:///a\"",
            "aws.endpoint_url must be",
        ),
        ("[aws]\nhome_region = \"Ireland\"", "aws.home_region "),
        ("[aws]\ncall_timeout_ms = 1", "aws.call_timeout_ms must lie"),
        (
            "[aws]\nprincipal = \"arn:aws:sts::999999999999:assumed-role/a/b\"",
            "aws.principal must be",
        ),
        ("[server]\nmax_streams = 0", "server.max_streams must lie"),
        ("[engine]\ngrant_hours = 0", "engine.grant_hours must lie"),
        (
            "[engine]\ninventory_minutes = 0",
            "engine.inventory_minutes must lie",
        ),
        (
            "[engine]\ninventory_minutes = 0",
            "engine.inventory_minutes must lie",
        ),
        ("[engine]\nlook_ms = 1", "engine.look_ms must lie"),
        ("[engine]\nlease_ms = 10", "engine.lease_ms must lie"),
        ("[log]\nfilter = \"a=b=c\"", "log.filter cannot be read"),
        (
            "[sign_in]\nabsolute_hours = 9",
            "sign_in.absolute_hours must lie",
        ),
        (
            "[sign_in]\nabsolute_hours = 1\nidle_minutes = 61",
            "sign_in.idle_minutes must be",
        ),
        (
            "[[sign_in.group]]\ngroup = \"a\"\nrole = \"viewer\"",
            "sign_in.group is of no use without [sign_in.oidc]",
        ),
        (
            &provider("issuer", "http://login.example.org"),
            "sign_in.oidc.issuer must be https://",
        ),
        (
            &provider("issuer", "http://localhost.example.org"),
            "sign_in.oidc.issuer must be https://",
        ),
        (
            &provider("issuer", "https://login.example.org/?a"),
            "sign_in.oidc.issuer must be https://",
        ),
        (
            &provider("issuer", "https://a@login.example.org"),
            "sign_in.oidc.issuer must be https://",
        ),
        (
            &provider("client_id", ""),
            "sign_in.oidc.client_id must hold 1 to",
        ),
        (
            &provider("client_secret", ""),
            "sign_in.oidc.client_secret is empty",
        ),
        (
            &format!("{}scopes = [\"a\", \"b c\"]", provider("client_id", "a")),
            "sign_in.oidc.scopes[1] must be one scope",
        ),
        (
            &format!(
                "{}\n[[sign_in.group]]\ngroup = \"a\"\nrole = \"owner\"",
                provider("client_id", "a")
            ),
            "sign_in.group[0].role must be one of: viewer, requester, approver, auditor, admin",
        ),
        (
            &format!(
                "{WORLD}{}\n[[sign_in.group]]\ngroup = \"a\"\nrole = \"viewer\"\nenvironment = \"test\"",
                provider("client_id", "a")
            ),
            "sign_in.group[0].environment names no [[environment]]",
        ),
        (
            &format!("{}{GROUP}{GROUP}", provider("client_id", "a")),
            "sign_in.group[1] is there twice",
        ),
        (
            "[log]\nformat = \"xml\"",
            "log.format must be one of: text, json",
        ),
        (
            &WORLD.replacen("\"dev\"", "\"prod\"", 1),
            "environment[1].name is used twice",
        ),
        (
            &WORLD.replace("protected = true", "approvals = 2"),
            "environment[1].approvals must be 0",
        ),
        (
            &WORLD.replace("= 24", "= 0"),
            "environment[1].run_within_hours must lie",
        ),
        (
            &WORLD.replace("vision-prod", "vision-dev"),
            "account[1].alias is used twice",
        ),
        (
            &WORLD.replace("environment = \"prod\"", "environment = \"test\""),
            "account[1].environment names test",
        ),
        (
            &WORLD.replace("[\"us-gov-west-1\"]", "[]"),
            "account[1].regions must name",
        ),
        (
            &WORLD.replace("::333333333333:", "::222222222222:"),
            "account[1].promoter must be a role of this account",
        ),
        (
            &WORLD.replace("number = \"111111111111\"", "number = \"1111\""),
            "account[0].number ",
        ),
        (
            &WORLD.replace("number = \"111111111111\"", ""),
            "account[0].number is missing",
        ),
        (
            &WORLD.replace("external_id = \"ch-f", "# \"ch-f"),
            "account[1].external_id is missing; `customhouse roles vision-prod`",
        ),
    ] {
        let problems = problems(text);
        assert!(problems.contains(path), "wanted {path:?} in {problems}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let problems = problems("[server]\nlisten = \"0.0.0.0:1\"\n[engine]\nidle_ms = 1");
    assert!(problems.contains("server.listen") && problems.contains("engine.idle_ms"));
}

#[test]
fn a_secret_may_come_from_a_file_but_not_from_two_places() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("database");
    std::fs::write(&file, "postgres://u:canary@h/d\n").unwrap();
    let twin = format!("[database]\nurl_file = {file:?}\n");
    let config = Config::from_toml(&twin).unwrap();
    assert_eq!(config.database.url().to_string(), "postgres://h:5432/d");
    assert!(!format!("{config:?}").contains("canary"));

    let both = problems(&format!("{twin}url = \"a\""));
    assert!(
        both.contains("database.url is set together with database.url_file"),
        "{both}"
    );

    let missing = problems("[database]\nurl_file = \"/nothing/here\"");
    assert!(
        missing.contains("database.url_file names /nothing/here"),
        "{missing}"
    );
}

#[test]
fn a_value_of_the_wrong_type_is_not_quoted() {
    let problems = problems("[database]\nurl = [\"canary\"]");
    assert!(!problems.contains("canary"), "{problems}");
}

#[test]
fn a_named_file_must_exist() {
    let error = Config::load(Some(Path::new("/nothing/customhouse.toml")))
        .err()
        .unwrap();
    assert!(error.to_string().contains("/nothing/customhouse.toml"));
}

#[test]
fn new_external_ids_are_made_only_where_none_is_set() {
    struct Zero;
    impl Random for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }
    let text = WORLD.replace("external_id = \"ch-f", "# \"ch-f");
    let config = Config::from_toml(&text).unwrap();
    for (alias, expected) in [
        (
            "vision-dev",
            Some(("ch-00112233445566778899aabbccddeeff", false)),
        ),
        (
            "vision-prod",
            Some(("ch-00000000000000000000000000000000", true)),
        ),
        ("vision-test", None),
    ] {
        let found = config.account_for_roles(&AccountAlias::new(alias).unwrap(), &Zero);
        let found = found.map(|(account, new)| (account.external_id.as_str().to_owned(), new));
        assert_eq!(
            found,
            expected.map(|(id, new)| (id.to_owned(), new)),
            "{alias}"
        );
    }
}

#[test]
fn the_documented_example_is_valid_and_its_commented_keys_exist() {
    const EXAMPLE: &str = include_str!("../../../docs/customhouse.example.toml");
    let config = Config::from_toml(EXAMPLE).unwrap();
    assert_eq!(config.registry().unwrap().accounts.len(), 2);

    let is_key = |line: &str| {
        line.split_once(" = ")
            .is_some_and(|(key, _)| !key.contains(' '))
    };
    let uncommented = |line: &'static str| {
        line.strip_prefix("# ")
            .filter(|line| is_key(line))
            .unwrap_or(line)
    };
    let lines: Vec<_> = EXAMPLE
        .lines()
        .map(uncommented)
        .filter(|line| !line.starts_with("url_file") && !line.starts_with("client_secret_file"))
        .collect();
    let all = lines.join("\n");
    assert!(all.contains("\ngrant_hours = 24\n"), "{all}");
    let config = Config::from_toml(&all).unwrap();
    assert!(config.aws.endpoint_url.is_some());
}
