//! Compares what a command printed with what a page shows.
//!
//! A line `…` stands for any number of lines, and `…` within a line for any text.

/// The sign for whatever may vary.
const ANYTHING: &str = "…";

/// Returns whether the output is what the page shows.
pub(super) fn fits(shown: &[String], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == ANYTHING => {
            (0..=printed.len()).any(|n| fits(rest, printed.get(n..).unwrap_or_default()))
        }
        Some((line, rest)) => match printed.split_first() {
            Some((got, behind)) => fits_line(line, got) && fits(rest, behind),
            None => false,
        },
    }
}

fn fits_line(shown: &str, printed: &str) -> bool {
    let printed = printed.trim_end();
    let Some((start, end)) = shown.split_once(ANYTHING) else {
        return shown.trim_end() == printed;
    };
    let Some(behind) = printed.strip_prefix(start) else {
        return false;
    };
    let starts = behind.char_indices().map(|(at, _)| at).chain([behind.len()]);
    starts.into_iter().any(|at| fits_line(end, behind.get(at..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn an_ellipsis_stands_for_text_and_for_lines() {
        let rows: [(&[&str], &[&str], bool); 9] = [
            (&["fits"], &["fits"], true),
            (&["fits"], &["drifts"], false),
            (&["fits"], &["fits", "more"], false),
            (&["…"], &[], true),
            (&["a", "…", "d"], &["a", "b", "c", "d"], true),
            (&["a", "…", "d"], &["a", "b", "c"], false),
            (&["fits: … findings, … waived"], &["fits: 0 findings, 0 waived"], true),
            (&["fits: … findings"], &["fits: 0 waived"], false),
            (&["http://…", "…"], &["http://127.0.0.1"], true),
        ];
        for (shown, printed, expected) in rows {
            let shown: Vec<String> = shown.iter().map(|line| (*line).to_owned()).collect();
            assert_eq!(fits(&shown, printed), expected, "{shown:?} {printed:?}");
        }
    }
}
