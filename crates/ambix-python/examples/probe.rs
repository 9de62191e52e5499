//! scratch
use std::io::Read;
fn main() {
    let mut t = String::new();
    std::io::stdin().read_to_string(&mut t).unwrap();
    match std::env::args().nth(1).as_deref() {
        Some("script") => match ambix_python::read_script("s.py", &t) {
            Ok(s) => println!("{s:#?}"),
            Err(e) => println!("{} {e} {:?}", e.place.as_ref().unwrap(), e.hints),
        },
        _ => {
            let m = ambix_python::read_models(&[("models.py".into(), t)]);
            println!("{:#?}", m.schema);
            for e in m.diagnostics {
                println!("{} {e} {:?}", e.place.as_ref().unwrap(), e.hints)
            }
        }
    }
}
