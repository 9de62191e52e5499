//! Regular expressions, as far as models use them to make the name of a table from that of a class:
//! `re.sub(r"(?<!^)(?=[A-Z])", "_", name)`. What is not known is refused by name.

/// Some letters: those in the ranges, or those in none of them.
type Set = (Vec<(char, char)>, bool);

#[derive(Clone)]
enum Part {
    /// As many of these letters as there are, between the two numbers.
    Letters(Set, usize, usize),
    /// Whether one of these stands behind the place, or before it, and whether that must not be.
    Look(Set, bool, bool),
    Open(usize),
    Close(usize),
}

/// Nothing comes behind it.
const END: Part = Part::Look((Vec::new(), true), false, true);

struct Reader<'p> {
    rest: std::iter::Peekable<std::str::Chars<'p>>,
    groups: usize,
}

/// How often a part of a pattern is tried.
const STEPS: usize = 100_000;

/// Why a pattern is not followed.
type Unknown = &'static str;

impl Reader<'_> {
    /// What is between two parentheses: each way in which it can be written without `|`.
    fn alternatives(&mut self, depth: usize) -> Result<Vec<Vec<Part>>, Unknown> {
        let depth = depth.checked_sub(1).ok_or("a group within others")?;
        let (mut all, mut ways) = (Vec::new(), vec![Vec::new()]);
        while let Some(letter) = self.rest.next_if(|letter| *letter != ')') {
            let inner = match letter {
                '|' => {
                    all.append(&mut ways);
                    ways.push(Vec::new());
                    continue;
                }
                '(' => {
                    let inner = self.group(depth)?;
                    if self.rest.next() != Some(')') || self.repeated()?.is_some() {
                        return Err("a group like this");
                    }
                    inner
                }
                '$' => vec![vec![END]],
                // Nothing is behind it.
                '^' => vec![vec![Part::Look((Vec::new(), true), true, true)]],
                letter => {
                    let set = self.set(letter)?;
                    let (least, most) = self.repeated()?.unwrap_or((1, 1));
                    vec![vec![Part::Letters(set, least, most)]]
                }
            };
            ways = ways
                .iter()
                .flat_map(|way| inner.iter().map(|one| [&way[..], one].concat()))
                .collect();
            if ways.len() > 20 {
                return Err("this many `|`");
            }
        }
        all.append(&mut ways);
        Ok(all)
    }

    fn group(&mut self, depth: usize) -> Result<Vec<Vec<Part>>, Unknown> {
        if self.rest.next_if_eq(&'?').is_none() {
            self.groups += 1;
            let number = self.groups;
            let mut ways = self.alternatives(depth)?;
            for way in &mut ways {
                way.insert(0, Part::Open(number));
                way.push(Part::Close(number));
            }
            return Ok(ways);
        }
        if self.rest.next_if_eq(&':').is_some() {
            return self.alternatives(depth);
        }
        let behind = self.rest.next_if_eq(&'<').is_some();
        let not = match self.rest.next() {
            Some('=') => false,
            Some('!') => true,
            _ => return Err("`(?`"),
        };
        Ok(vec![vec![match self.rest.next() {
            Some('^') => Part::Look((Vec::new(), true), true, !not),
            Some(letter) => Part::Look(self.set(letter)?, behind, not),
            None => return Err("`(?`"),
        }]])
    }

    fn repeated(&mut self) -> Result<Option<(usize, usize)>, Unknown> {
        let found = match self.rest.next_if(|letter| "+*?{".contains(*letter)) {
            None => return Ok(None),
            Some('+') => (1, usize::MAX),
            Some('*') => (0, usize::MAX),
            Some('?') => (0, 1),
            Some(_) => return Err("`{`"),
        };
        match self.rest.peek() {
            Some('+' | '*' | '?' | '{') => Err("a repetition of a repetition"),
            _ => Ok(Some(found)),
        }
    }

    /// One letter of a pattern, or `[a-z]`.
    fn set(&mut self, letter: char) -> Result<Set, Unknown> {
        let not = match letter {
            '.' => return Ok((vec![('\n', '\n')], true)),
            '[' => self.rest.next_if_eq(&'^').is_some(),
            '$' | '+' | '*' | '?' | '{' | '\\' => {
                return Err("a `\\`, a `$` or a repetition like this");
            }
            letter => return Ok((vec![(letter, letter)], false)),
        };
        let mut ranges = Vec::new();
        while let Some(low) = self.rest.next().filter(|low| !"[\\-".contains(*low)) {
            if low == ']' {
                return if ranges.is_empty() { Err("`[]`") } else { Ok((ranges, not)) };
            }
            let high = match self.rest.next_if_eq(&'-') {
                Some(_) => self.rest.next().filter(|high| high.is_ascii_alphanumeric()),
                None => Some(low),
            };
            ranges.push((low, high.ok_or("`[`")?));
        }
        Err("`[`")
    }
}

fn is_in((ranges, not): &Set, letter: Option<&char>) -> bool {
    letter.is_some_and(|at| ranges.iter().any(|(low, high)| low <= at && at <= high) != *not)
}

/// A text that is looked through.
struct Search<'t> {
    text: &'t [char],
    /// A match has to end behind that.
    after: Option<usize>,
    /// Where each group begins and ends.
    groups: Vec<(usize, usize)>,
    /// How often a part is still tried: many repetitions can be tried in very many ways.
    steps: usize,
}

impl Search<'_> {
    /// Where a match that begins there ends.
    fn end(&mut self, parts: &[Part], at: usize) -> Option<usize> {
        self.steps = self.steps.checked_sub(1)?;
        let Some((part, rest)) = parts.split_first() else {
            return Some(at).filter(|at| Some(*at) > self.after);
        };
        match part {
            Part::Open(number) => self.groups.get_mut(*number)?.0 = at,
            Part::Close(number) => self.groups.get_mut(*number)?.1 = at,
            Part::Look(set, behind, not) => {
                let beside = if *behind { at.checked_sub(1) } else { Some(at) };
                if is_in(set, beside.and_then(|at| self.text.get(at))) == *not {
                    return None;
                }
            }
            Part::Letters(set, least, most) => {
                let letters = self.text.get(at..)?.iter().take(*most);
                let count = letters.take_while(|letter| is_in(set, Some(letter))).count();
                let mut counts = (*least..=count).rev();
                return counts.find_map(|count| self.end(rest, at + count));
            }
        }
        self.end(rest, at)
    }
}

/// `re.sub(pattern, template, text)`, for texts that are no longer than a name.
///
/// # Errors
/// What is not known.
pub(super) fn replaced(pattern: &str, template: &str, text: &str) -> Result<String, Unknown> {
    let (ways, groups) = ways(pattern, text)?;
    let text: Vec<char> = text.chars().collect();
    let mut result = String::new();
    // An empty match is not found twice.
    let mut at = 0;
    let mut search = Search { text: &text, after: None, groups: Vec::new(), steps: STEPS };
    while at <= text.len() {
        let found = ways.iter().find_map(|way| {
            search.groups = vec![(0, 0); groups + 1];
            search.end(way, at)
        });
        if search.steps == 0 {
            return Err("a pattern with this many repetitions");
        }
        let Some(found) = found else {
            result.extend(text.get(at));
            search.after = None;
            at += 1;
            continue;
        };
        let mut letters = template.chars();
        while let Some(letter) = letters.next() {
            let digit = || letters.clone().next()?.to_digit(10);
            match (letter, digit()) {
                ('\\', Some(number @ 1..)) => {
                    letters.next();
                    let group =
                        search.groups.get(number as usize).ok_or("a group that is not there")?;
                    result.extend(text.get(group.0..group.1).unwrap_or_default());
                }
                ('\\', _) => return Err("a `\\` like this"),
                _ => result.push(letter),
            }
        }
        search.after = (found == at).then_some(at);
        at = found;
    }
    Ok(result)
}

/// Whether `re.search(pattern, text)` finds something; `re.match` where the match has to begin with the text, and
/// `re.fullmatch` where it has to end with it too.
///
/// # Errors
/// What is not known.
pub(crate) fn finds(function: &str, pattern: &str, text: &str) -> Result<bool, Unknown> {
    let (mut ways, groups) = ways(pattern, text)?;
    let text: Vec<char> = text.chars().collect();
    if function == "fullmatch" {
        ways.iter_mut().for_each(|way| way.push(END));
    }
    let last = if function == "search" { text.len() } else { 0 };
    let mut search = Search { text: &text, after: None, groups: Vec::new(), steps: STEPS };
    let found = (0..=last).any(|at| {
        ways.iter().any(|way| {
            search.groups = vec![(0, 0); groups + 1];
            search.end(way, at).is_some()
        })
    });
    match search.steps {
        0 => Err("a pattern with this many repetitions"),
        _ => Ok(found),
    }
}

/// The ways in which a pattern can be written without `|`, and how many groups it has.
fn ways(pattern: &str, text: &str) -> Result<(Vec<Vec<Part>>, usize), Unknown> {
    if pattern.len() > 100 || text.len() > 100 {
        return Err("a text of this length");
    }
    let mut reader = Reader { rest: pattern.chars().peekable(), groups: 0 };
    let ways = reader.alternatives(5)?;
    match reader.rest.next() {
        Some(_) => Err("this pattern"),
        None => Ok((ways, reader.groups)),
    }
}
