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
    let admin = env::var("CAUSEWAY_TEST_POSTGRES").expect(
        "CAUSEWAY_TEST_POSTGRES is not set: run ./test, which starts a PostgreSQL server for the tests",
    );
    fresh_database_on(&admin).await
}

/// Creates a database on that server.
pub async fn fresh_database_on(admin: &str) -> Database {
    let (admin, name) = (admin.to_owned(), fresh_name());
    run(&admin, &format!("CREATE DATABASE {name}")).await;
    Database { admin, name }
}

fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("causeway_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Database {
    /// A database of its own with all that is in this one, to which nobody may be connected.
    pub async fn copy(&self) -> Self {
        let copy = Self { admin: self.admin.clone(), name: fresh_name() };
        run(&self.admin, &format!("CREATE DATABASE {} TEMPLATE {}", copy.name, self.name)).await;
        copy
    }

    /// The address of the database.
    pub fn url(&self) -> String {
        let (server, options) = self.admin.split_once('?').unwrap_or((&self.admin, ""));
        let server = server.rsplit_once('/').map_or(server, |(server, _)| server);
        format!("{server}/{}?{options}", self.name)
    }

    /// Ends every connection to it, and lets nobody connect any more.
    pub async fn close(&self) {
        let deny = format!("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", self.name);
        run(&self.admin, &deny).await;
        let end =
            "DO $$ BEGIN PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = ";
        run(&self.admin, &format!("{end}'{}'; END $$", self.name)).await;
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
