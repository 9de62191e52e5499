use ambix_core::diagnostic::Span;

/// A line of painted text.
pub(crate) type Line = Vec<Piece>;

/// A class of colour for a range of a text.
pub(crate) type Paint = (Span, &'static str);

/// A piece of a line that looks the same from end to end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// The class of its colour; empty for the normal one.
    pub(crate) colour: &'static str,
    /// Whether something is wrong here: `Some(true)` for no more than a warning.
    pub(crate) problem: Option<bool>,
}

/// Cuts `text` into lines and these into pieces. `colours` are in order and do not overlap; `problems`
/// (with whether each is only a warning) may lie anywhere.
pub(crate) fn paint(text: &str, colours: &[Paint], problems: &[(Span, bool)]) -> Vec<Line> {
    let mut cuts: Vec<usize> = colours
        .iter()
        .map(|(span, _)| span)
        .chain(problems.iter().map(|(span, _)| span))
        .flat_map(|span| [span.start, span.end])
        .chain(text.match_indices('\n').flat_map(|(at, _)| [at, at + 1]))
        .chain([0, text.len()])
        .filter(|at| text.is_char_boundary(*at))
        .collect();
    ambix_core::sort::sort(&mut cuts);
    cuts.dedup();
    let mut lines = vec![Line::new()];
    let mut colours = colours.iter().peekable();
    for pair in cuts.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let Some(part) = text.get(start..end) else { continue };
        if part == "\n" {
            lines.push(Line::new());
            continue;
        }
        while colours.next_if(|(span, _)| span.end <= start).is_some() {}
        let colour =
            colours.peek().filter(|(span, _)| span.start <= start).map_or("", |paint| paint.1);
        let problem = problems
            .iter()
            .filter(|(span, _)| span.start <= start && end <= span.end)
            .map(|(_, is_warning)| *is_warning)
            .min();
        if let Some(line) = lines.last_mut() {
            line.push(Piece { text: part.into(), colour, problem });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &[Line]) -> Vec<String> {
        let piece = |piece: &Piece| match (piece.colour, piece.problem) {
            ("", None) => piece.text.clone(),
            (colour, None) => format!("<{colour}:{}>", piece.text),
            (colour, Some(_)) => format!("<{colour}!:{}>", piece.text),
        };
        lines.iter().map(|line| line.iter().map(piece).collect()).collect()
    }

    #[test]
    fn colours_and_problems_cut_each_other() {
        let text = "import sa\nx = 1";
        let colours = [(Span::new(0, 6), "keyword"), (Span::new(14, 15), "number")];
        let problems = [(Span::new(3, 9), false)];
        assert_eq!(
            shown(&paint(text, &colours, &problems)),
            ["<keyword:imp><keyword!:ort><!: sa>", "x = <number:1>"]
        );
    }

    #[test]
    fn a_span_over_several_lines_goes_on_in_each() {
        let text = "'''a\nb'''\n";
        let colours = [(Span::new(0, 9), "string")];
        assert_eq!(shown(&paint(text, &colours, &[])), ["<string:'''a>", "<string:b'''>", ""]);
    }

    #[test]
    fn spans_outside_of_the_text_and_inside_of_letters_do_no_harm() {
        assert_eq!(shown(&paint("ä", &[(Span::new(1, 9), "x")], &[])), ["ä"]);
        assert_eq!(shown(&paint("", &[], &[(Span::new(0, 1), true)])), [""]);
    }
}
