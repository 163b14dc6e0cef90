//! Counting what test runners report in words.

use crate::phases::Tally;

/// nextest's summary: `Summary [ 0.2s] 5 tests run: 4 passed (1 slow), 1 failed, 0 skipped`.
/// Whatever ran and did not pass has failed, whichever word is used for it.
pub(crate) fn of_nextest(lines: &[String]) -> Tally {
    let summaries = lines
        .iter()
        .filter(|line| line.trim_start().starts_with("Summary ["));
    summaries.fold(Tally::default(), |sum, line| {
        let run = number_before(line, "tests").or_else(|| number_before(line, "test"));
        let passed = number_before(line, "passed").unwrap_or_default();
        sum + Tally {
            passed,
            failed: run.unwrap_or_default().saturating_sub(passed),
        }
    })
}

/// libtest's summaries, one for each test binary: `test result: ok. 4 passed; 1 failed; …`.
pub(crate) fn of_libtest(lines: &[String]) -> Tally {
    sum_of(
        lines.iter().filter(|line| line.starts_with("test result:")),
        &["failed"],
    )
}

/// pytest's last line: `1 failed, 4 passed, 1 error in 0.12s`.
pub(crate) fn of_pytest(lines: &[String]) -> Tally {
    let last = lines
        .iter()
        .rfind(|line| line.contains(" in ") && !line.trim().is_empty());
    sum_of(last.into_iter(), &["failed", "error", "errors"])
}

/// Playwright's closing lines, one for each outcome: `  4 passed (3.2s)`. A test that needed a
/// second try, or was not reached, has not passed.
pub(crate) fn of_playwright(lines: &[String]) -> Tally {
    let closing = lines.iter().filter(|line| {
        let mut words = line.split_whitespace();
        words
            .next()
            .is_some_and(|word| word.parse::<usize>().is_ok())
    });
    sum_of(closing, &["failed", "flaky", "interrupted", "did"])
}

/// Node's test runner in its TAP form: `# pass 4`, `# fail 1`, `# cancelled 0`.
pub(crate) fn of_node(lines: &[String]) -> Tally {
    let number = |word: &str| {
        let start = format!("# {word} ");
        let numbers = lines.iter().filter_map(|line| line.strip_prefix(&start));
        numbers
            .filter_map(|text| text.parse::<usize>().ok())
            .sum::<usize>()
    };
    Tally {
        passed: number("pass"),
        failed: number("fail") + number("cancelled"),
    }
}

fn sum_of<'a>(lines: impl Iterator<Item = &'a String>, failures: &[&str]) -> Tally {
    lines.fold(Tally::default(), |sum, line| {
        let passed = number_before(line, "passed").unwrap_or_default();
        let failed = failures
            .iter()
            .filter_map(|word| number_before(line, word))
            .sum();
        sum + Tally { passed, failed }
    })
}

/// The number that stands before a word.
fn number_before(line: &str, word: &str) -> Option<usize> {
    let words: Vec<_> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn every_runner_is_understood() {
        type Count = fn(&[String]) -> Tally;
        let cases: [(Count, &str, usize, usize); 12] = [
            (
                of_nextest,
                "     Summary [   0.012s] 5 tests run: 5 passed, 0 skipped",
                5,
                0,
            ),
            (
                of_nextest,
                "     Summary [   0.012s] 1 test run: 1 passed, 0 skipped",
                1,
                0,
            ),
            (
                of_nextest,
                " Summary [ 9.1s] 9 tests run: 6 passed (1 slow), 2 failed, 1 timed out, 3 skipped",
                6,
                3,
            ),
            (
                of_libtest,
                "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
                4,
                0,
            ),
            (
                of_libtest,
                "test result: FAILED. 2 passed; 1 failed; 0 ignored\ntest result: ok. 1 passed; 0 failed;",
                3,
                1,
            ),
            (of_pytest, "4 passed in 0.12s", 4, 0),
            (
                of_pytest,
                "x.py::t 9 passed\n==== 1 failed, 4 passed, 2 errors in 0.12s ====",
                4,
                3,
            ),
            (of_playwright, "  4 passed (3.2s)", 4, 0),
            (
                of_playwright,
                "  ✓  1 a.spec.ts:3:1 › 7 passed (2s)\n  1 failed\n    a.spec.ts\n  1 flaky\n  2 did not run\n  3 passed (1.0m)",
                3,
                4,
            ),
            (of_playwright, "  1 skipped\n  3 passed (1.0m)", 3, 0),
            (
                of_node,
                "# Subtest: # pass 9\n# tests 4\n# pass 4\n# fail 0",
                4,
                0,
            ),
            (
                of_node,
                "# pass 4\n# fail 1\n# cancelled 2\n# skipped 0",
                4,
                3,
            ),
        ];
        for (count, text, passed, failed) in cases {
            assert_eq!(count(&lines(text)), Tally { passed, failed }, "{text}");
        }
    }

    #[test]
    fn output_without_a_summary_counts_nothing() {
        for count in [of_nextest, of_libtest, of_pytest, of_playwright, of_node] {
            assert_eq!(
                count(&lines("error: could not compile `domain`")),
                Tally::default()
            );
        }
    }
}
