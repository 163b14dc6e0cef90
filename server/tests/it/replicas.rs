//! Two server processes on one PostgreSQL database, against one AWS, which is the judge: one copy
//! for each job, whatever happens to a process or to the database, and no grant left. Nothing runs
//! where no server is named.

use serde_json::Value;
use std::collections::BTreeSet;

use crate::support::followed::Followed;
use crate::support::place::{Place, ended, get, refresh, said};
use crate::support::postgres::Postgres;
use crate::support::{Program, until};

const HEAD: &str = "SELECT event_seq FROM ledger_head";
const UPKEEP: &str = "SELECT COALESCE(MAX(claim), 0) FROM duties WHERE name = 'upkeep'";
const EPOCH: &str = "SELECT epoch FROM ledger_head";
const RESTORED: &str = "SELECT COUNT(*) FROM pause WHERE reason = 'restored'";
const COPYING: &str = "SELECT COUNT(*) FROM jobs WHERE word = 'Copying'";

/// Two processes that share a database.
struct Pair {
    database: Postgres,
    place: Place,
    grants: Vec<Value>,
    first: Program,
    second: Program,
    jobs: Vec<String>,
}

impl Pair {
    /// Copies take three seconds; four may run at once.
    async fn start() -> Option<Self> {
        let database = Postgres::create().await?;
        let url = format!("url = {:?}", database.url());
        let place = Place::changed(3.0, |text| {
            let lines = text.lines().map(|line| match line.split_once(" = ") {
                Some(("url", _)) => url.clone(),
                Some(("look_ms", _)) => format!("{line}\ncopies_per_project = 4"),
                _ => line.to_owned(),
            });
            lines.collect::<Vec<_>>().join("\n")
        })
        .await;
        let grants = place.aws.grants().await;
        let first = place.serve().await;
        let second = place.serve().await;
        refresh(&second).await;
        Some(Self {
            database,
            place,
            grants,
            first,
            second,
            jobs: Vec::new(),
        })
    }

    /// Asks both in turn to promote the same version under several names.
    async fn promote(&mut self, names: &[&str]) {
        for (index, name) in names.iter().enumerate() {
            let asked = if index % 2 == 0 {
                &self.first
            } else {
                &self.second
            };
            self.jobs.push(self.place.promote(asked, name).await);
        }
    }

    async fn until_copying(&self) {
        until("a copy is under way", 60, || async {
            (self.database.number(COPYING).await > 0).then_some(())
        })
        .await;
    }

    /// Asks AWS what became of the jobs, once all have ended as `asked` tells.
    async fn judge(&self, asked: &Program) {
        let mut versions = BTreeSet::new();
        for job in &self.jobs {
            let job = ended(asked, job).await;
            assert_eq!(job["state"], "Succeeded", "{job:#}");
            versions.insert(job["version"].as_str().unwrap().to_owned());
        }
        let copies = self.place.aws.executed("CopyProjectVersion").await;
        let copied = copies.iter().map(|copy| &copy["outcome"]["result"]);
        let copied: Vec<_> = copied.map(|arn| arn.as_str().unwrap().to_owned()).collect();
        assert_eq!(
            copied.len(),
            self.jobs.len(),
            "one copy for each job: {copied:?}"
        );
        assert_eq!(copied.into_iter().collect::<BTreeSet<_>>(), versions);
        assert_eq!(
            self.place.aws.grants().await,
            self.grants,
            "no grant is left"
        );
        let audit = self.place.run(&["verify-audit"]).await;
        assert!(audit.status.success(), "{}", said(&audit));
    }

    /// Waits until the reader has every event there is and asserts that none was missed.
    async fn has_seen_all(&self, followed: &Followed) {
        until("the reader has every event", 60, || async {
            let head = self.database.number(HEAD).await;
            (followed.last() == head).then_some(())
        })
        .await;
        followed.assert_gapless();
    }

    async fn follower(&self) -> Followed {
        Followed::new(self.database.number(HEAD).await)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_dies_and_the_other_ends_its_jobs() {
    let Some(mut pair) = Pair::start().await else {
        return;
    };
    let mut followed = pair.follower().await;
    followed.read_from(&pair.first).await;
    pair.promote(&["v7", "v8", "v9"]).await;
    pair.until_copying().await;
    pair.first.kill();
    followed.read_from(&pair.second).await;
    pair.judge(&pair.second).await;
    pair.has_seen_all(&followed).await;
    pair.database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_froze_beyond_its_leases_writes_and_calls_nothing_when_it_wakes() {
    let Some(mut pair) = Pair::start().await else {
        return;
    };
    let upkeep = pair.database.number(UPKEEP).await;
    assert_eq!(upkeep, 1, "the first one took it");
    let mut followed = pair.follower().await;
    pair.promote(&["v7", "v8", "v9"]).await;
    followed.read_from(&pair.second).await;
    pair.until_copying().await;
    pair.first.signal("-STOP");
    pair.judge(&pair.second).await;
    until("the other one takes the upkeep over", 120, || async {
        (pair.database.number(UPKEEP).await > upkeep).then_some(())
    })
    .await;

    let taken = pair.database.number(UPKEEP).await;
    let calls = written(&pair.place).await;
    pair.first.signal("-CONT");
    until("the frozen one is awake", 60, || async {
        (get(&pair.first, "/readyz").await["ready"] == true).then_some(())
    })
    .await;
    // It works again as one of two: what it is asked for is done once.
    let last = pair.place.promote(&pair.first, "v10").await;
    pair.jobs.push(last);
    pair.judge(&pair.first).await;
    assert_eq!(pair.database.number(UPKEEP).await, taken, "one holder");
    let puts_copy_removal = 3;
    assert_eq!(written(&pair.place).await, calls + puts_copy_removal);
    pair.has_seen_all(&followed).await;
    pair.database.remove().await;
}

/// How many calls have changed something in AWS.
async fn written(place: &Place) -> usize {
    let mut count = 0;
    for operation in [
        "PutProjectPolicy",
        "DeleteProjectPolicy",
        "CopyProjectVersion",
    ] {
        count += place.aws.executed(operation).await.len();
    }
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_database_under_load_loses_nothing() {
    let Some(mut pair) = Pair::start().await else {
        return;
    };
    let mut followed = pair.follower().await;
    followed.read_from(&pair.first).await;
    pair.promote(&["v7", "v8", "v9"]).await;
    pair.until_copying().await;
    for _ in 0..2 {
        pair.database.shut().await;
        until("both see that the database is away", 60, || async {
            let first = get(&pair.first, "/readyz").await;
            let second = get(&pair.second, "/readyz").await;
            (first["ready"] == false && second["ready"] == false).then_some(())
        })
        .await;
        pair.database.reopen().await;
    }
    pair.judge(&pair.second).await;
    pair.has_seen_all(&followed).await;
    pair.database.remove().await;
}

/// Neither server has a file that notes how far the database is.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_went_back_under_its_servers_is_paused_by_one_of_them() {
    let Some(pair) = Pair::start().await else {
        return;
    };
    assert_eq!(pair.database.number(RESTORED).await, 0);
    pair.database.go_back().await;
    until("the installation is paused", 60, || async {
        (pair.database.number(RESTORED).await == 1).then_some(())
    })
    .await;
    let audit = pair.place.run(&["verify-audit"]).await;
    assert!(audit.status.success(), "{}", said(&audit));
    assert_eq!(pair.database.number(EPOCH).await, 2);
    pair.database.remove().await;
}
