#![allow(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::panic, missing_docs)]
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&a[1]).unwrap();
    let n: usize = a[2].parse().unwrap();
    let files = [("app/models.py".to_string(), text.clone())];
    let mut best = [f64::MAX; 2];
    for _ in 0..n {
        let t = std::time::Instant::now();
        let _ = ambix_python::imported_modules("app/models.py", &text);
        best[0] = best[0].min(t.elapsed().as_secs_f64());
        let t = std::time::Instant::now();
        std::hint::black_box(ambix_python::read_models(&files));
        best[1] = best[1].min(t.elapsed().as_secs_f64());
    }
    println!("parse {:.1} ms, read {:.1} ms", best[0] * 1e3, best[1] * 1e3);
}
