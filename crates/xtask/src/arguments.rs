//! What can be typed after `cargo xtask`.

use lexopt::prelude::*;

use crate::bench::Bench;
use crate::test::Suite;
use crate::toolchain::Road;

pub(crate) const USAGE: &str = "\
usage: cargo xtask <command>

  build                the static site in dist/ and the npm package in pkg/
  build --plain-std    measure only: Debian's compiler, a std as rustup ships it
  build --debian-std   measure only: Debian's compiler, the small std
  serve [--port N]     build, then serve dist/ on 127.0.0.1:8080 (0 takes a free port)
  test [--all] [tidy|rust|node|edge|browser|histories]...
                       run the whole suite, or only the parts named; --all runs long tests at full length, and
                       reads published histories, which are fetched (as `histories` does)
  bench autogenerate   what it takes to compare 500 tables with the schema they should have, on sql.js
  bench planning       how long a plan takes, natively and in WebAssembly, beside its floor
  bench python         how long models and scripts take to be read, beside a floor
  bench rebuild        what a table made anew costs beside the steps by hand, on sql.js
  fuzz [minutes]       random bytes at everything that reads SQL or Python, one target after another (10 minutes each)
  tidy                 formatting, lints and the rules of the house
  sizes                what a first visit loads, of what is built";

/// The default of `serve`; the README names it.
const PORT: u16 = 8080;

/// The default of `fuzz`.
const FUZZ_MINUTES: u64 = 10;

#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Build,
    /// Build the page on a road that was named, and print its sizes.
    Measure(Road),
    Serve {
        port: u16,
    },
    Test {
        /// Empty means everything.
        only: Vec<Suite>,
        all: bool,
    },
    Bench(Bench),
    Fuzz {
        /// For each target.
        minutes: u64,
    },
    Tidy,
    Sizes,
}

/// Reads the command line. A word that is not understood is an error that names it.
pub(crate) fn parse(mut words: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut command = match words.next()? {
        Some(Long("help") | Short('h')) => return Ok(Command::Help),
        Some(Value(name)) => match name.string()?.as_str() {
            "help" => Command::Help,
            "build" => Command::Build,
            "serve" => Command::Serve { port: PORT },
            "test" => Command::Test { only: Vec::new(), all: false },
            "bench" => Command::Bench(words.value()?.parse()?),
            "fuzz" => Command::Fuzz { minutes: FUZZ_MINUTES },
            "tidy" => Command::Tidy,
            "sizes" => Command::Sizes,
            other => return Err(format!("there is no command `{other}`").into()),
        },
        Some(other) => return Err(other.unexpected()),
        None => return Err("which command?".into()),
    };
    while let Some(word) = words.next()? {
        match (&mut command, word) {
            (_, Long("help") | Short('h')) => return Ok(Command::Help),
            (Command::Build, Long("plain-std")) => command = Command::Measure(Road::Plain),
            (Command::Build, Long("debian-std")) => command = Command::Measure(Road::Debian),
            (Command::Serve { port }, Long("port")) => *port = words.value()?.parse()?,
            (Command::Test { all, .. }, Long("all")) => *all = true,
            (Command::Test { only, .. }, Value(name)) => only.push(name.parse()?),
            (Command::Fuzz { minutes }, Value(number)) => *minutes = number.parse()?,
            (_, word) => return Err(word.unexpected()),
        }
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Result<Command, String> {
        parse(lexopt::Parser::from_args(line.split_whitespace())).map_err(|error| error.to_string())
    }

    #[test]
    fn each_command_with_its_options() {
        assert_eq!(typed("build"), Ok(Command::Build));
        assert_eq!(typed("build --plain-std"), Ok(Command::Measure(Road::Plain)));
        assert_eq!(typed("serve"), Ok(Command::Serve { port: 8080 }));
        assert_eq!(typed("serve --port 0"), Ok(Command::Serve { port: 0 }));
        assert_eq!(
            typed("test node edge --all"),
            Ok(Command::Test { only: vec![Suite::Node, Suite::Edge], all: true })
        );
        assert_eq!(typed("bench planning"), Ok(Command::Bench(Bench::Planning)));
        assert_eq!(typed("fuzz"), Ok(Command::Fuzz { minutes: 10 }));
        assert_eq!(typed("fuzz 1"), Ok(Command::Fuzz { minutes: 1 }));
        assert_eq!(typed("tidy --help"), Ok(Command::Help));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert_eq!(typed(""), Err("which command?".to_owned()));
        assert_eq!(typed("bild"), Err("there is no command `bild`".to_owned()));
        assert_eq!(typed("serve --prot 1"), Err("invalid option '--prot'".to_owned()));
        assert_eq!(
            typed("test moon"),
            Err("cannot parse argument \"moon\": there is no suite `moon`".to_owned())
        );
        assert_eq!(
            typed("bench racing"),
            Err("cannot parse argument \"racing\": there is no bench `racing`".to_owned())
        );
        assert!(typed("serve --port 99999").is_err());
    }
}
