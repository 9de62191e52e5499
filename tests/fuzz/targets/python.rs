#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ambix_fuzz::fuzzed_python::python(bytes));
