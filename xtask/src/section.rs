//! A part of a Markdown page that a command rewrites, between two comments that name it.

/// The page with the section of this name replaced, or added at the end.
pub(crate) fn replace(page: &str, name: &str, section: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
    let section = format!("{start}{section}{end}");
    let found = page.split_once(&start).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some(format!("{before}{section}{after}"))
    });
    found.unwrap_or_else(|| format!("{}\n\n{section}", page.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_added_once_and_then_replaced() {
        let one = replace("# Page\n", "one", "first\n");
        let two = replace(&one, "two", "second\n");
        assert!(two.starts_with("# Page\n") && two.contains("first") && two.contains("second"));
        let again = replace(&two, "one", "third\n");
        assert!(!again.contains("first") && again.contains("second"));
        assert!(again.find("third") < again.find("second"));
        assert_eq!(replace(&again, "one", "third\n"), again);
    }
}
