//! How a PostgreSQL server is reached: address, TLS, time-outs, pool.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::Error;

const CONNECT: Duration = Duration::from_secs(5);
/// A connection whose peer fell silent is given up after this time.
const SILENT: Duration = Duration::from_secs(30);
/// After this idle time a connection is asked whether it still works before it is used.
const DOUBT: Duration = Duration::from_secs(1);
/// How long a caller waits for its turn when all connections are busy.
const TURN: Duration = Duration::from_secs(30);

/// How every connection to the server is made.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

impl Way {
    /// To that address. Nothing is connected yet.
    pub(super) fn to(url: &str) -> Result<Self, Error> {
        let address = Address::parse(url)?;
        let tls = tls(&address)?;
        Ok(Self { config: address.config, tls })
    }
}

/// A pool of connections. Nothing is connected yet.
pub(super) fn pool(way: &Way, connections: usize) -> Result<Pool, Error> {
    let manager = Manager::from_config(
        way.config.clone(),
        way.tls.clone(),
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    let pool = Pool::builder(manager)
        .max_size(connections.max(MIN_CONNECTIONS))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(TURN))
        .create_timeout(Some(CONNECT * 2))
        .recycle_timeout(Some(CONNECT))
        .pre_recycle(Hook::async_fn(|client, metrics| {
            let idle = metrics.last_used();
            Box::pin(async move { if idle < DOUBT { Ok(()) } else { still_there(client).await } })
        }))
        .build();
    pool.map_err(|error| Error::Address { what: error.to_string() })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a database that does not answer is a matter of real time, never of decisions"
)]
async fn still_there(client: &ClientWrapper) -> Result<(), HookError> {
    match timeout(CONNECT, client.check_connection()).await {
        Ok(answer) => answer.map_err(HookError::Backend),
        Err(_) => Err(HookError::message("no answer")),
    }
}

/// The gathering tasks hold two; reads and writes need some beside them.
const MIN_CONNECTIONS: usize = 4;

struct Address {
    config: Config,
    root_certificate: Option<String>,
}

impl Address {
    /// Reads the address, with the two options that the driver does not know.
    fn parse(url: &str) -> Result<Self, Error> {
        let (plain, root_certificate, ssl_mode_given) = strip(url);
        let parsed = plain.parse::<Config>();
        let mut config = parsed.map_err(|error| {
            let cause =
                std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
            Error::Address { what: format!("{error}{cause}") }
        })?;
        if !ssl_mode_given && config.get_hosts().iter().all(is_own_machine) {
            config.ssl_mode(SslMode::Disable);
        }
        if config.get_application_name().is_none() {
            config.application_name("causeway");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENT);
        }
        config.keepalives_idle(SILENT);
        Ok(Self { config, root_certificate })
    }
}

/// Takes `sslrootcert` out of the address, and turns the verifying modes into `require`, which verifies as well.
fn strip(url: &str) -> (String, Option<String>, bool) {
    let Some((base, query)) = url.split_once('?') else { return (url.to_owned(), None, false) };
    let (mut root_certificate, mut ssl_mode_given) = (None, false);
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslrootcert", file)) => {
                root_certificate = Some(file.replace("%2F", "/").replace("%2f", "/"));
            }
            Some(("sslmode", mode)) => {
                ssl_mode_given = true;
                kept.push(format!("sslmode={}", if mode.starts_with("verify-") { "require" } else { mode }));
            }
            _ => kept.push(pair.to_owned()),
        }
    }
    (format!("{base}?{}", kept.join("&")), root_certificate, ssl_mode_given)
}

fn is_own_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn tls(address: &Address) -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = &address.root_certificate {
        let unreadable = |error| Error::Address { what: format!("cannot read sslrootcert {file}: {error}") };
        for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
            let added = roots.add(certificate.map_err(unreadable)?);
            added.map_err(|error| Error::Address { what: format!("sslrootcert {file}: {error}") })?;
        }
    } else if address.config.get_ssl_mode() != SslMode::Disable {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(|error| Error::Address { what: error.to_string() })?;
    Ok(MakeRustlsConnect::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_machine_needs_no_tls_and_others_get_it_if_they_can() {
        let mode = |url: &str| Address::parse(url).expect("a good address").config.get_ssl_mode();
        assert_eq!(mode("postgres://me@localhost/db"), SslMode::Disable);
        assert_eq!(mode("postgres://me@127.0.0.1:5433/db"), SslMode::Disable);
        assert_eq!(mode("postgres://me@db.example/db"), SslMode::Prefer);
        assert_eq!(mode("postgres://me@localhost/db?sslmode=require"), SslMode::Require);
        assert_eq!(mode("postgres://me@db.example/db?sslmode=verify-full"), SslMode::Require);
    }

    #[test]
    fn a_root_certificate_is_taken_from_the_address() {
        let url = "postgres://me@h/db?sslrootcert=/etc/ca.pem&connect_timeout=3";
        let address = Address::parse(url).expect("a good address");
        assert_eq!(address.root_certificate.as_deref(), Some("/etc/ca.pem"));
        assert_eq!(address.config.get_connect_timeout(), Some(&Duration::from_secs(3)));
    }

    #[test]
    fn an_unknown_option_is_named() {
        let error =
            Address::parse("postgres://me:secret@h/db?colour=blue").err().expect("refused").to_string();
        assert!(error.contains("colour"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}
