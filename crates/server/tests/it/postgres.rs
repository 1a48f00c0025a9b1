//! A PostgreSQL database of its own for each test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, process, thread};

use tokio_postgres::NoTls;

/// A fresh, empty database. It is dropped with this value.
pub struct Database {
    admin: String,
    name: String,
}

/// Creates a database on the server that `CAUSEWAY_TEST_POSTGRES` names.
pub async fn fresh_database() -> Database {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let admin = env::var("CAUSEWAY_TEST_POSTGRES").expect(
        "CAUSEWAY_TEST_POSTGRES is not set: run ./test, which starts a PostgreSQL server for the tests",
    );
    let name = format!("causeway_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    run(&admin, &format!("CREATE DATABASE {name}")).await;
    Database { admin, name }
}

impl Database {
    /// The address of the database.
    pub fn url(&self) -> String {
        let (server, options) = self.admin.split_once('?').unwrap_or((&self.admin, ""));
        let server = server.rsplit_once('/').map_or(server, |(server, _)| server);
        format!("{server}/{}?{options}", self.name)
    }

    /// Runs statements as another client would.
    pub async fn run(&self, sql: &str) {
        run(&self.url(), sql).await;
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (admin, sql) = (self.admin.clone(), format!("DROP DATABASE {} WITH (FORCE)", self.name));
        // A thread, because the test's own runtime may be ending.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run(&admin, &sql));
        });
        drop(dropping.join());
    }
}

async fn run(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the test server answers");
    tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
}
