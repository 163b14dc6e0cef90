//! The table of behaviours in the documentation.

use std::collections::BTreeSet;

/// The cells of the table's rows.
fn rows() -> Vec<Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/emulator.md");
    let text = std::fs::read_to_string(path).unwrap();
    let section = text.split("\n## Behaviour and its tests\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|line| {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    })
    .collect()
}

/// The words between backticks.
fn code_words(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn every_behaviour_has_a_test_that_is_there() {
    let rows = rows();
    assert!(rows.len() > 50, "{}", rows.len());
    for row in rows {
        let [_, _, tests] = row.as_slice() else {
            panic!("three cells: {row:?}")
        };
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        assert_ne!(code_words(tests).count(), 0, "{row:?}");
        for test in code_words(tests) {
            let (module, name) = test.split_once("::").unwrap();
            let folder = env!("CARGO_MANIFEST_DIR");
            let source = std::fs::read_to_string(format!("{folder}/tests/it/{module}.rs")).unwrap();
            assert!(source.contains(&format!("fn {name}(")), "{test}");
        }
    }
}

#[test]
fn every_operation_has_rows() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/emulator.md");
    let text = std::fs::read_to_string(path).unwrap();
    let played = text.split("\n## What it does\n").nth(1).unwrap();
    let played = played.lines().filter(|line| line.starts_with("| "));
    let played: BTreeSet<String> = played
        .take(6)
        .flat_map(|line| code_words(line).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let rows = rows();
    let documented: BTreeSet<String> = rows
        .iter()
        .flat_map(|row| code_words(&row[0]).map(str::to_owned))
        .collect();
    assert_eq!(played, documented);
    assert_eq!(played.len(), 17);
}
