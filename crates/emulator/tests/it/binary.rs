//! The binary as a person starts it.

use crate::support::DEV;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};

fn emulator(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aws-emulator"));
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn demo_world() -> String {
    format!("{}/../../xtask/demo/world.toml", env!("CARGO_MANIFEST_DIR"))
}

/// A world file that is there while this is.
struct WorldFile(std::path::PathBuf);

impl WorldFile {
    fn new(name: &str, text: &str) -> Self {
        let folder = format!("emulator-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("world.toml"), text).unwrap();
        Self(folder.join("world.toml"))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for WorldFile {
    fn drop(&mut self) {
        std::fs::remove_dir_all(self.0.parent().unwrap()).unwrap();
    }
}

/// A started emulator, which ends with this.
struct Running {
    child: Child,
    url: String,
    /// What it printed.
    lines: Vec<String>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        Self::spawn(emulator(arguments))
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let lines: Vec<String> = output.lines().take(3).map(Result::unwrap).collect();
        let url = lines[0].strip_prefix("listening on ").unwrap().to_owned();
        Self { child, url, lines }
    }

    async fn get(&self, name: &str) -> String {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.get(format!("{}/_emulator/{name}", self.url)).send();
        answer.await.unwrap().text().await.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Runs to the end; only for starts that fail.
fn refused(arguments: &[&str]) -> String {
    let Output {
        status,
        stderr,
        stdout,
    } = emulator(arguments).output().unwrap();
    assert!(!status.success());
    assert_eq!(stdout, b"");
    String::from_utf8(stderr).unwrap()
}

#[tokio::test]
async fn it_says_where_it_listens_once_it_answers() {
    let running = Running::start(&["--listen", "127.0.0.1:0", "--world", &demo_world()]);
    assert!(running.get("state").await.contains(DEV));
}

#[tokio::test]
async fn it_says_its_seed_and_takes_one() {
    let arguments = |more: &[&'static str]| {
        let mut all = vec!["--listen", "127.0.0.1:0"];
        all.extend(more);
        all
    };
    let world = demo_world();
    let said = |more: &[&'static str]| {
        let mut command = emulator(&arguments(more));
        command.args(["--world", &world]);
        Running::spawn(command).lines[1].clone()
    };
    assert_eq!(said(&["--seed", "77", "--fault-rate", "0.5"]), "seed 77");
    assert_ne!(said(&[]), said(&[]), "each start has a seed of its own");
    let problem = refused(&[
        "--world",
        &world,
        "--listen",
        "127.0.0.1:0",
        "--fault-rate",
        "2",
    ]);
    assert!(problem.contains("a rate takes 0 to 1"), "{problem}");
}

#[test]
fn it_prints_every_assumption() {
    let Output { status, stdout, .. } = emulator(&["assumptions"]).output().unwrap();
    assert!(status.success());
    assert_eq!(
        String::from_utf8(stdout).unwrap(),
        emulator::Assumption::table()
    );
}

#[test]
fn it_listens_on_this_machine_alone() {
    let problem = refused(&["--listen", "0.0.0.0:0", "--world", &demo_world()]);
    assert!(problem.contains("this machine alone"), "{problem}");
}

#[test]
fn a_wrong_world_is_refused_with_its_line() {
    let world = WorldFile::new("wrong", "quota_tps = 5\n[assumptions]\ntags_visible = 1\n");
    let problem = refused(&["--listen", "127.0.0.1:0", "--world", world.path()]);
    assert!(
        problem.contains("world.toml:3: assumptions.tags_visible: "),
        "{problem}"
    );
}

#[test]
fn a_start_that_fails_tells_its_causes_alone() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let wrong = WorldFile::new("causes", "quota_tps = -5\n");
    let demo = demo_world();
    for (arguments, expected) in [
        (vec![], "aws-emulator: which world?"),
        (
            vec!["--world", "/no/such/file"],
            "aws-emulator: cannot read the world file /no/such/file\n  No such file",
        ),
        (
            vec!["--world", wrong.path()],
            "aws-emulator: cannot play this world\n  ",
        ),
        (
            vec!["--world", &demo, "--listen", &taken],
            "\n  Address already in use",
        ),
        (
            vec!["--world", &demo, "--listen", "nowhere"],
            "aws-emulator: cannot listen on nowhere\n  ",
        ),
    ] {
        let Output { status, stderr, .. } = emulator(&arguments)
            .env("RUST_BACKTRACE", "1")
            .output()
            .unwrap();
        let problem = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(1), "{problem}");
        assert!(problem.contains(expected), "{problem}");
        assert!(problem.lines().count() <= 2, "{problem}");
    }
}

#[test]
fn an_empty_world_is_a_world() {
    let world = WorldFile::new("empty", "");
    let running = Running::start(&["--listen", "127.0.0.1:0", "--world", world.path()]);
    assert_eq!(running.lines[2], "0 accounts");
}

#[tokio::test]
async fn it_listens_under_a_name_of_this_machine() {
    let running = Running::start(&["--listen", "localhost:0", "--world", &demo_world()]);
    assert_eq!(running.lines[2], "4 accounts");
    let health = running.get("health").await;
    assert!(health.contains("\"ok\""), "{health}");
}

#[test]
fn it_says_its_name_and_its_version() {
    let Output { stdout, .. } = emulator(&["--version"]).output().unwrap();
    let version = format!("aws-emulator {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8(stdout).unwrap(), version);
}

#[test]
fn it_prints_the_operations_that_it_plays() {
    let Output { stdout, .. } = emulator(&["operations"]).output().unwrap();
    let printed = String::from_utf8(stdout).unwrap();
    let printed: Vec<&str> = printed.lines().collect();
    assert_eq!(printed.len(), 17);
    for operation in [
        "rekognition:CopyProjectVersion",
        "sts:AssumeRole",
        "s3:GetObject",
        "kms:DescribeKey",
        "iam:SimulatePrincipalPolicy",
    ] {
        assert!(printed.contains(&operation), "{operation}");
    }
}

/// Processor time of a process so far, in ticks of 10 ms.
#[cfg(target_os = "linux")]
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit(") ").next().unwrap();
    let fields: Vec<&str> = after_name.split(' ').collect();
    // utime and stime, the fields 14 and 15 of proc(5).
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_rests_while_no_connection_can_be_taken() {
    use std::io::{ErrorKind, Read as _, Write as _};
    use std::net::TcpStream;
    use std::time::Duration;

    let limited = format!(
        "ulimit -n 24; exec {} --listen 127.0.0.1:0 --world {}",
        env!("CARGO_BIN_EXE_aws-emulator"),
        demo_world()
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", &limited]).stdout(Stdio::piped());
    let running = Running::spawn(shell);
    let address = running.url.strip_prefix("http://").unwrap();
    let mut open: Vec<TcpStream> = (0..40)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    let mut last = open.pop().unwrap();
    last.write_all(b"GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    // The last one has no answer as long as the others are there.
    last.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let before = ticks(running.child.id());
    let waited = last.read(&mut [0; 64]).unwrap_err();
    assert!(matches!(
        waited.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut
    ));
    let spent = ticks(running.child.id()) - before;
    assert!(spent < 20, "{spent} ticks in two seconds of waiting");
    drop(open);
    last.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    assert_ne!(last.read(&mut [0; 64]).unwrap(), 0, "it is answered now");
}
