//! What each role may do: the one table of rights, as it stands.

use causeway_core::rights::{RIGHTS, ROLES, Role};
use maud::{Markup, html};

use super::{Place, tabs};
use crate::{Words, icon::icon, part::unseen};

/// The page.
pub fn roles(words: &Words, role: Role) -> Markup {
    html! {
        header.head { h1 { (words.say("settings-roles")) } }
        (tabs(words, role, Place::Roles))
        p.quiet { (words.say("roles-text")) }
        div.table-scroll tabindex="0" role="region" aria-label=(words.say("settings-roles")) {
            table.table {
                thead {
                    tr {
                        th scope="col" { (words.say("roles-right")) }
                        @for one in ROLES { th scope="col" { (words.say(&format!("role-{}", one.word()))) } }
                    }
                }
                tbody {
                    @for right in RIGHTS {
                        tr {
                            th.table__row scope="row" { (words.say(&format!("right-{}", right.word()))) }
                            @for one in ROLES {
                                @if one.has(*right) {
                                    td { (icon("check")) (unseen(&words.say("roles-may"))) }
                                } @else {
                                    td.quiet { "–" (unseen(&words.say("roles-may-not"))) }
                                }
                            }
                        }
                    }
                }
            }
        }
        p.quiet.small { (words.say("roles-inbox-admins")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_the_table_of_rights_line_by_line() {
        let html = roles(Words::english(), Role::Agent).into_string();
        let body = html.split("<tbody>").nth(1).expect("a table");
        for (line, right) in body.split("</tr>").zip(RIGHTS) {
            assert!(line.contains(&Words::english().say(&format!("right-{}", right.word()))), "{line}");
            assert_eq!(line.matches(">may</span>").count(), right.roles().len(), "{line}");
        }
    }
}
