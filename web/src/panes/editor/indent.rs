//! Indenting several lines at once. Positions are in UTF-16 units, as a text area counts.

/// One indentation.
pub(super) const INDENT: &str = "    ";

/// The lines that a selection touches, from the beginning of the first to the end of the last. A line
/// at whose beginning the selection ends is not one of them.
pub(super) fn whole_lines(text: &[u16], start: usize, end: usize) -> (usize, usize) {
    const NEW_LINE: u16 = 10;
    let end = end.min(text.len());
    let start = start.min(end);
    let from = text[..start].iter().rposition(|unit| *unit == NEW_LINE).map_or(0, |at| at + 1);
    let last = if end > start && text[end - 1] == NEW_LINE { end - 1 } else { end };
    let rest = text[last..].iter().position(|unit| *unit == NEW_LINE);
    (from, rest.map_or(text.len(), |far| last + far))
}

/// Each line one indentation further in; empty lines stay empty.
pub(super) fn indented(lines: &str) -> String {
    each(lines, |line| if line.is_empty() { String::new() } else { format!("{INDENT}{line}") })
}

/// Each line at most one indentation further out.
pub(super) fn outdented(lines: &str) -> String {
    each(lines, |line| {
        let blanks = line.bytes().take(INDENT.len()).take_while(|byte| *byte == b' ').count();
        line[blanks..].to_owned()
    })
}

fn each(lines: &str, change: impl Fn(&str) -> String) -> String {
    lines.split('\n').map(change).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(text: &str, start: usize, end: usize) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let (from, to) = whole_lines(&units, start, end);
        String::from_utf16_lossy(&units[from..to])
    }

    #[test]
    fn a_selection_touches_whole_lines() {
        let text = "one\ntwo\nthree\n";
        assert_eq!(touched(text, 1, 5), "one\ntwo");
        assert_eq!(touched(text, 0, 8), "one\ntwo");
        assert_eq!(touched(text, 5, 9), "two\nthree");
        assert_eq!(touched(text, 4, 14), "two\nthree");
        assert_eq!(touched("ä😀\nb", 1, 4), "ä😀");
        assert_eq!(touched("ä😀\nb", 1, 5), "ä😀\nb");
    }

    #[test]
    fn every_line_goes_in_and_out() {
        assert_eq!(indented("a\n\n  b"), "    a\n\n      b");
        assert_eq!(outdented("    a\n\n  b\n      c\nd"), "a\n\nb\n  c\nd");
        assert_eq!(outdented(&indented("a\n  b")), "a\n  b");
    }
}
