//! A thousand ways of tampering with the audit table of a file, drawn at random, against one
//! checkpoint that was saved before. Each is made with plain SQL behind the store's back; the
//! program's own verification has to find it.

use crate::samples::entry;
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};
use std::hash::{BuildHasher, Hasher, RandomState};
use store::audit::{ChainFault, ChainVerdict, Mark, verify_against};
use store::{DatabaseUrl, Store, checkpoint};

const ENTRIES: usize = 40;
const CASES: usize = 1_000;
/// The columns of a row, `n` first.
const COLUMNS: usize = 9;
const N: usize = 0;
const ACTION: usize = 5;
const ENTRY: usize = 7;
const HASH: usize = 8;

/// One row, each cell as its bytes.
type Row = [Vec<u8>; COLUMNS];

/// `SplitMix64`: small, and the same for the same seed everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % limit as u64).unwrap()
    }
}

/// What was done, and the entry that has to be named.
struct Tampering {
    what: String,
    rows: Vec<Row>,
    /// Whether all hashes and the head were computed anew, so that they fit each other.
    forged: bool,
    expected: usize,
}

fn number(n: usize) -> Vec<u8> {
    n.to_string().into_bytes()
}

fn renumber(rows: &mut [Row]) {
    for (index, row) in rows.iter_mut().enumerate() {
        row[N] = number(index + 1);
    }
}

fn draw(dice: &mut Dice, whole: &[Row]) -> Tampering {
    let mut rows = whole.to_vec();
    let place = dice.below(rows.len());
    let forged = dice.below(2) == 0;
    match dice.below(6) {
        0 => {
            let column = dice.below(COLUMNS);
            let cell = &mut rows[place][column];
            let byte = dice.below(cell.len());
            let change = u8::try_from(1 + dice.below(255)).unwrap();
            cell[byte] ^= change;
            Tampering {
                what: format!("byte {byte} of column {column} in row {}", place + 1),
                rows,
                forged: false,
                expected: place + 1,
            }
        }
        1 => {
            let count = 1 + dice.below(3.min(rows.len() - place));
            rows.drain(place..place + count);
            if forged {
                renumber(&mut rows);
            }
            Tampering {
                what: format!("{count} rows from {} on removed", place + 1),
                // With everything renumbered, the last ones are those that are missing.
                expected: if forged { rows.len() } else { place } + 1,
                rows,
                forged,
            }
        }
        2 => {
            let mut more = rows[dice.below(whole.len())].clone();
            more[ENTRY] = String::from_utf8(more[ENTRY].clone())
                .unwrap()
                .replace("v7", "v8")
                .into_bytes();
            rows.insert(place, more);
            renumber(&mut rows);
            Tampering {
                what: format!("a row put in at {}", place + 1),
                rows,
                forged,
                expected: if forged { whole.len() } else { place + 1 },
            }
        }
        3 => {
            let other = (place + 1 + dice.below(rows.len() - 1)) % rows.len();
            rows.swap(place, other);
            renumber(&mut rows);
            Tampering {
                what: format!("rows {} and {} swapped", place + 1, other + 1),
                rows,
                forged,
                expected: if forged {
                    whole.len()
                } else {
                    place.min(other) + 1
                },
            }
        }
        4 => {
            rows.truncate(place);
            Tampering {
                what: format!("cut off after {place}"),
                rows,
                forged,
                expected: place + 1,
            }
        }
        _ => {
            let text = String::from_utf8(rows[place][ENTRY].clone()).unwrap();
            let action = format!("job.queue{}", dice.below(9));
            rows[place][ENTRY] = text
                .replace("aws.copy_project_version", &action)
                .into_bytes();
            rows[place][ACTION] = action.into_bytes();
            Tampering {
                what: format!("row {} written anew", place + 1),
                rows,
                forged,
                expected: if forged { whole.len() } else { place + 1 },
            }
        }
    }
}

/// The hash of a row after `previous`, as docs/audit.md tells other tools to compute it.
fn link(n: usize, previous: &[u8], text: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update((n as u64).to_be_bytes());
    hash.update(previous);
    hash.update(text);
    hash.finalize().to_vec()
}

/// Computes every hash anew and gives the last one.
fn forge(rows: &mut [Row]) -> String {
    let mut previous = vec![0; 32];
    for (index, row) in rows.iter_mut().enumerate() {
        previous = link(index + 1, &previous, &row[ENTRY]);
        row[HASH] = hex::encode(&previous).into_bytes();
    }
    hex::encode(previous)
}

struct File {
    store: Store,
    connection: SqliteConnection,
    whole: Vec<Row>,
    head: (i64, String),
    mark: Mark,
}

impl File {
    async fn new(folder: &std::path::Path) -> Self {
        let path = folder.join("test.sqlite");
        let store = Store::open(&DatabaseUrl::sqlite(&path)).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        (1..=i64::try_from(ENTRIES).unwrap()).for_each(|n| tx.audit(entry(n)));
        tx.commit().await.unwrap();
        let saved = checkpoint::checkpoint(&mut store.read().await.unwrap())
            .await
            .unwrap();
        let options = SqliteConnectOptions::new()
            .filename(path)
            .synchronous(SqliteSynchronous::Off);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let whole = read(&mut connection).await;
        Self {
            store,
            connection,
            whole,
            head: (saved.audit_seq, saved.audit_hash.clone()),
            mark: saved.mark(),
        }
    }

    /// Puts `rows` in the place of all rows; false if the database does not take them.
    async fn put(&mut self, rows: &[Row], head: &(i64, String)) -> bool {
        const INSERT: &str = "INSERT INTO audit
            (n, at, subject_kind, subject_id, actor, action, phase, entry, hash) VALUES
            (CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT),
             CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT),
             CAST($9 AS TEXT))";
        let mut tx = self.connection.begin().await.unwrap();
        let delete = sqlx::query("DELETE FROM audit").execute(&mut *tx);
        delete.await.unwrap();
        for row in rows {
            let mut insert = sqlx::query(INSERT);
            for cell in row {
                insert = insert.bind(cell.clone());
            }
            if insert.execute(&mut *tx).await.is_err() {
                return false;
            }
        }
        sqlx::query("UPDATE ledger_head SET audit_seq = $1, audit_hash = $2")
            .bind(head.0)
            .bind(&head.1)
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        true
    }

    async fn verdict(&self) -> ChainVerdict {
        let mut reader = self.store.read().await.unwrap();
        let marks = std::slice::from_ref(&self.mark);
        verify_against(&mut reader, marks).await.unwrap()
    }
}

async fn read(connection: &mut SqliteConnection) -> Vec<Row> {
    const SELECT: [&str; COLUMNS] = [
        "SELECT CAST(CAST(n AS TEXT) AS BLOB) FROM audit ORDER BY n",
        "SELECT CAST(CAST(at AS TEXT) AS BLOB) FROM audit ORDER BY n",
        "SELECT CAST(subject_kind AS BLOB) FROM audit ORDER BY n",
        "SELECT CAST(subject_id AS BLOB) FROM audit ORDER BY n",
        "SELECT CAST(actor AS BLOB) FROM audit ORDER BY n",
        "SELECT CAST(action AS BLOB) FROM audit ORDER BY n",
        "SELECT CAST(phase AS BLOB) FROM audit ORDER BY n",
        "SELECT CAST(entry AS BLOB) FROM audit ORDER BY n",
        "SELECT CAST(hash AS BLOB) FROM audit ORDER BY n",
    ];
    let mut rows = vec![Row::default(); ENTRIES];
    for (column, sql) in SELECT.into_iter().enumerate() {
        let cells: Vec<Vec<u8>> = sqlx::query_scalar(sql)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        for (row, cell) in rows.iter_mut().zip(cells) {
            row[column] = cell;
        }
    }
    rows
}

/// The seed of this run, or that of `TAMPERING_SEED`.
fn seed() -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever repeats a run names its seed there"
    )]
    let named = std::env::var("TAMPERING_SEED").ok();
    named.map_or_else(
        || RandomState::new().build_hasher().finish(),
        |text| text.parse().unwrap(),
    )
}

#[tokio::test]
async fn a_thousand_random_changes_are_all_found_against_a_saved_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = File::new(folder.path()).await;
    assert_eq!(
        file.verdict().await,
        ChainVerdict::Whole {
            entries: file.head.0,
            hash: file.head.1.clone()
        }
    );
    let seed = seed();
    println!("TAMPERING_SEED={seed}");
    let mut dice = Dice(seed);
    let (mut found, mut forgeries) = (0, 0);
    while found < CASES {
        let mut tampering = draw(&mut dice, &file.whole);
        let head = if tampering.forged {
            let hash = forge(&mut tampering.rows);
            (i64::try_from(tampering.rows.len()).unwrap(), hash)
        } else {
            file.head.clone()
        };
        if !file.put(&tampering.rows, &head).await {
            // A second row of one number, which the table refuses.
            continue;
        }
        let Tampering {
            what,
            forged,
            expected,
            ..
        } = tampering;
        let verdict = file.verdict().await;
        let ChainVerdict::Broken { n, fault } = verdict else {
            panic!("seed {seed}, forged: {forged}, {what}: {verdict:?}");
        };
        let named = usize::try_from(n).unwrap();
        // A number that is none any more stands wherever the database sorts it: it is found there.
        let elsewhere = fault == ChainFault::Unreadable && named <= expected;
        assert!(
            named == expected || elsewhere,
            "seed {seed}, forged: {forged}, {what}: {fault:?} at {named}, not {expected}"
        );
        if forged {
            let seen = matches!(fault, ChainFault::Missing | ChainFault::Rewritten { .. });
            assert!(seen, "seed {seed}, {what}: only the checkpoint shows it");
            forgeries += 1;
        }
        found += 1;
    }
    assert!(forgeries > CASES / 5, "{forgeries}");
    let head = file.head.clone();
    let whole = file.whole.clone();
    assert!(file.put(&whole, &head).await);
    let verdict = file.verdict().await;
    assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{verdict:?}");
    file.connection.close().await.unwrap();
    file.store.close().await;
}
