//! A database that is full, broken or cut off, as far as a test can make it so.

use causeway::{args, store};

use super::engine::Place;
use crate::world::World;

/// What is wrong with the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No room is left.
    Full,
    /// Nothing can be read or written.
    Broken,
    /// Every connection ends.
    Cut,
}

impl Trouble {
    /// As the tally calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "disk full",
            Self::Broken => "disk fails",
            Self::Cut => "every connection cut",
        }
    }
}

/// A PostgreSQL refuses every change with that code, as it would if its own disk refused.
fn refusing(code: &str) -> String {
    format!(
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger AS $$ BEGIN \
         RAISE EXCEPTION 'the disk refuses' USING ERRCODE = '{code}'; END $$ LANGUAGE plpgsql; \
         DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP \
         EXECUTE format('CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW \
         EXECUTE FUNCTION refuse()', t); END LOOP; END $$"
    )
}

/// From now on.
pub async fn begin(world: &World, trouble: Trouble) {
    match (&world.place, trouble) {
        (Place::Sqlite(_), _) => fill(world).await,
        (Place::Postgres(database), Trouble::Full) => database.run(&refusing("53100")).await,
        (Place::Postgres(database), Trouble::Broken) => database.run(&refusing("58030")).await,
        (Place::Postgres(database), Trouble::Cut) => {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            database.run(cut).await;
        }
    }
}

/// SQLite's own limit: the file may not grow any more, and what room it has is filled.
async fn fill(world: &World) {
    let run = |sql: &'static str| {
        world.app.db.write(move |tx| Box::pin(async move { tx.rows(sql, args![]).await.map(|_| ()) }))
    };
    run("CREATE TABLE IF NOT EXISTS filler (junk TEXT)").await.unwrap();
    run("PRAGMA max_page_count = 1").await.unwrap();
    for junk in ["zeroblob(100000)", "zeroblob(3000)", "zeroblob(200)"] {
        let insert = format!("INSERT INTO filler VALUES ({junk})");
        loop {
            let insert = insert.clone();
            let put =
                world.app.db.write(move |tx| Box::pin(async move { tx.execute(&insert, args![]).await }));
            match put.await {
                Ok(_) => {}
                Err(store::Error::DiskFull { .. }) => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// It is over.
pub async fn end(world: &World, trouble: Trouble) {
    match (&world.place, trouble) {
        (Place::Sqlite(_), _) => {
            let more = world.app.db.write(|tx| {
                Box::pin(async move {
                    tx.rows("PRAGMA max_page_count = 4294967294", args![]).await?;
                    tx.execute("DELETE FROM filler", args![]).await
                })
            });
            more.await.unwrap();
        }
        (Place::Postgres(_), Trouble::Cut) => {}
        (Place::Postgres(database), _) => database.run("DROP FUNCTION refuse() CASCADE").await,
    }
}

/// What the engine can be made to do in a test.
pub fn troubles(place: &Place) -> &'static [Trouble] {
    match place {
        Place::Sqlite(_) => &[Trouble::Full],
        Place::Postgres(_) => &[Trouble::Full, Trouble::Broken, Trouble::Cut],
    }
}
