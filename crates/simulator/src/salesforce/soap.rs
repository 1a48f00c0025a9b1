//! The one part of SOAP that REST clients still use: `login` and `logout`.

use super::answer::Answer;
use super::state::{State, text};
use super::tokens::Session;
use super::{door, oauth};
use crate::call::Call;

/// `POST /services/Soap/u/<version>`, and the same under `c`.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let body = String::from_utf8_lossy(&call.body).into_owned();
    let version = call.segments.get(3).map_or("", String::as_str);
    if version.parse::<f64>().is_ok_and(|version| version >= 65.0) {
        return fault("UNSUPPORTED_API_VERSION", "SOAP login is not offered in this API version");
    }
    if body.contains(":logout") || body.contains("<logout") {
        if let Some(token) = element(&body, "sessionId") {
            state.tokens.close_session(&token, &mut state.journal);
        }
        return envelope(200, "<logoutResponse/>");
    }
    let (username, password) =
        (element(&body, "username").unwrap_or_default(), element(&body, "password").unwrap_or_default());
    let Ok(user) = oauth::user_with_password(state, &username, &password) else {
        return fault("INVALID_LOGIN", "Invalid username, password, security token; or user locked out.");
    };
    let now = state.clock.seconds();
    let session = Session {
        user: user.clone(),
        app: "SOAP".to_owned(),
        scope: "api web full".to_owned(),
        family: None,
        issued: now,
        used: now,
    };
    let org = state.org_id();
    let org15 = org.get(..15).unwrap_or(&org).to_owned();
    let token = state.tokens.open_session(&org15, session, &mut state.journal);
    let base = door::base_url(state, call);
    let row = state.store.get("User", &user).cloned().unwrap_or_default();
    envelope(
        200,
        &format!(
            "<loginResponse><result><metadataServerUrl>{base}/services/Soap/m/{version}/{org15}</metadataServerUrl>\
             <passwordExpired>false</passwordExpired><sandbox>false</sandbox>\
             <serverUrl>{base}/services/Soap/u/{version}/{org15}</serverUrl><sessionId>{token}</sessionId>\
             <userId>{user}</userId><userInfo><organizationId>{org}</organizationId>\
             <organizationName>Acme Trading</organizationName><sessionSecondsValid>7200</sessionSecondsValid>\
             <userEmail>{}</userEmail><userFullName>{}</userFullName><userId>{user}</userId>\
             <userName>{}</userName></userInfo></result></loginResponse>",
            escape(text(&row, "Email")),
            escape(text(&row, "Name")),
            escape(text(&row, "Username")),
        ),
    )
}

fn envelope(status: u16, body: &str) -> Answer {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope \
         xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns=\"urn:partner.soap.sforce.com\" \
         xmlns:sf=\"urn:fault.partner.soap.sforce.com\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>{body}</soapenv:Body>\
         </soapenv:Envelope>"
    );
    Answer { status, headers: Vec::new(), body: super::answer::Body::Text("text/xml;charset=UTF-8", text) }
}

fn fault(code: &str, message: &str) -> Answer {
    envelope(
        500,
        &format!(
            "<soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring><detail>\
             <sf:LoginFault xsi:type=\"sf:LoginFault\"><sf:exceptionCode>{code}</sf:exceptionCode>\
             <sf:exceptionMessage>{message}</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault>"
        ),
    )
}

/// The text of the first element of that name, whatever its prefix.
fn element(xml: &str, name: &str) -> Option<String> {
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let tag_end = rest[start..].find('>')? + start;
        let tag = rest[start + 1..tag_end].split_whitespace().next().unwrap_or_default();
        let local = tag.rsplit(':').next().unwrap_or_default();
        rest = &rest[tag_end + 1..];
        if local == name && !tag.starts_with('/') {
            let text = &rest[..rest.find('<')?];
            let plain = text
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            return Some(plain);
        }
    }
    None
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
