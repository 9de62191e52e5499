//! `cargo xtask serve`: the site of `dist/`, on this machine only.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context as _, anyhow};
use tiny_http::{Method, Request, Server};

use crate::{build, process, site};

/// A browser loads the files of a page at the same time.
const THREADS: usize = 4;

/// A server that answers until the program ends.
pub(crate) struct Running {
    /// With the port that it really has.
    pub(crate) address: String,
    threads: Vec<JoinHandle<()>>,
}

/// Builds what changed, then serves until it is stopped.
pub(crate) fn run(port: u16) -> anyhow::Result<()> {
    build::run()?;
    let running = start(Path::new(site::DIST), port)?;
    println!();
    process::step(format_args!("serving {}/ at {} (Ctrl-C stops it)", site::DIST, running.address));
    for thread in running.threads {
        thread.join().map_err(|_| anyhow!("the server stopped by itself"))?;
    }
    Ok(())
}

/// Serves `folder` from threads of its own. Port 0 takes any free one.
pub(crate) fn start(folder: &Path, port: u16) -> anyhow::Result<Running> {
    let server = Server::http(("127.0.0.1", port)).map_err(|error| {
        match error.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
            Some(ErrorKind::AddrInUse) => {
                anyhow!(
                    "port {port} is in use: stop what uses it, or choose another with `--port {}`",
                    next_to(port)
                )
            }
            _ => anyhow!("cannot serve on port {port}: {error}"),
        }
    })?;
    let address = server.server_addr().to_ip().context("the server has no address")?;
    let server = Arc::new(server);
    let answering = |_| {
        let (server, folder) = (Arc::clone(&server), folder.to_owned());
        thread::spawn(move || {
            for request in server.incoming_requests() {
                // The browser may have gone away; the next request is no worse for it.
                let _ = answer(request, &folder);
            }
        })
    };
    Ok(Running {
        threads: (0..THREADS).map(answering).collect(),
        address: format!("http://{address}/"),
    })
}

fn next_to(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(8080)
}

fn answer(request: Request, folder: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return send(request, "405 Method Not Allowed", "text/plain", b"only GET and HEAD\n");
    }
    let found =
        file_of(request.url()).and_then(|path| Some((fs::read(folder.join(&path)).ok()?, path)));
    match found {
        Some((bytes, path)) => send(request, "200 OK", media_type(&path), &bytes),
        None => send(request, "404 Not Found", "text/plain", b"there is no such file\n"),
    }
}

/// Writes the answer and has the browser close the connection. A connection that is kept open keeps one of
/// tiny_http's threads, and when several come at once one of them may wait for such a thread for ever.
/// Nothing is cached, so that a page that was built again is a page that is seen.
fn send(request: Request, status: &str, kind: &str, bytes: &[u8]) -> std::io::Result<()> {
    let has_body = *request.method() != Method::Head;
    let mut writer = request.into_writer();
    write!(
        writer,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: \
         no-cache\r\nConnection: close\r\n\r\n",
        bytes.len()
    )?;
    if has_body {
        writer.write_all(bytes)?;
    }
    writer.flush()
}

/// The file that a request asks for. Our names are plain, so anything else (`..`, `%2e`, a dot file, a
/// backslash) is simply not there, and nobody gets out of the folder.
fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = if path.is_empty() { "index.html" } else { path };
    let plain = |name: &str| {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain)
    };
    path.split('/').all(plain).then(|| path.into())
}

/// Browsers refuse a module script and a streamed WebAssembly module that come under another name.
fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|kind| kind.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        None => "text/plain; charset=utf-8",
        Some(_) => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_a_file_in_the_folder() {
        let file = |url| file_of(url).map(|path| path.to_string_lossy().into_owned());
        assert_eq!(file("/").as_deref(), Some("index.html"));
        assert_eq!(file("/?lesson=2").as_deref(), Some("index.html"));
        assert_eq!(file("/sqljs/sql-wasm.wasm?v=1").as_deref(), Some("sqljs/sql-wasm.wasm"));
    }

    #[test]
    fn nothing_outside_the_folder_can_be_named() {
        for url in [
            "/../Cargo.toml",
            "/styles/../../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..%2fCargo.toml",
            "//etc/passwd",
            "/styles/",
            "/.git/config",
            "/a\\..\\b",
            "Cargo.toml",
        ] {
            assert_eq!(file_of(url), None, "{url}");
        }
    }

    #[test]
    fn what_browsers_are_strict_about_has_its_type() {
        assert_eq!(media_type(Path::new("ambix_web.js")), "text/javascript; charset=utf-8");
        assert_eq!(media_type(Path::new("ambix_web_bg.wasm")), "application/wasm");
        assert_eq!(media_type(Path::new("sqljs/LICENSE")), "text/plain; charset=utf-8");
    }

    #[test]
    fn a_port_in_use_is_said_with_the_way_out() -> anyhow::Result<()> {
        let taken = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        let port = taken.local_addr()?.port();
        let error = start(Path::new("."), port)
            .map(|running| running.address)
            .map_err(|error| error.to_string());
        let way_out = format!(
            "port {port} is in use: stop what uses it, or choose another with `--port {}`",
            next_to(port)
        );
        assert_eq!(error, Err(way_out));
        Ok(())
    }
}
