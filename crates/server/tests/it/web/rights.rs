//! Every page as every role, and as nobody: the table of rights alone decides.

use causeway::web;
use causeway_core::rights::ROLES;
use http::{Method, StatusCode};

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    the_table_of_rights_alone_decides_who_sees_a_page,
    whoever_is_not_signed_in_comes_back_to_the_same_place
);

/// An address of that page, with ids of nothing.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "cnv_1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn the_table_of_rights_alone_decides_who_sees_a_page(place: Place) {
    let site = Site::new(place).await;
    for (method, path, right) in web::access(site.world.app.clone()) {
        for role in ROLES {
            // A stream does not end; that it is let through is seen by its head.
            let answer = if method == Method::GET {
                site.head(role.word(), &filled(path)).await
            } else {
                site.form(role.word(), &filled(path), "").await.status
            };
            let is_refused = answer == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, !role.has(right), "{method} {path} as {role:?}: {answer}");
        }
    }
}

async fn whoever_is_not_signed_in_comes_back_to_the_same_place(place: Place) {
    let site = Site::unconnected(place).await;
    for (method, path, _) in web::access(site.world.app.clone()) {
        if method == Method::GET {
            let answer = site.get(&format!("{}?x=1", filled(path))).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            let next = format!("/sign-in?next={}%3Fx%3D1", filled(path));
            assert_eq!(answer.header("location"), next);
        }
    }
}
