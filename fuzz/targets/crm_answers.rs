//! What a CRM answers, to every kind of call, under every status: a reading or a verdict, and one outcome for each record.
#![no_main]

use causeway_core::{
    call::{Answer, Call},
    crm::{Crm as _, Response, salesforce::Salesforce},
    record::RecordRef,
};
use causeway_fuzz::{calls, choice, org};
use libfuzzer_sys::fuzz_target;

const STATUSES: [u16; 16] = [200, 201, 204, 300, 400, 401, 403, 404, 412, 414, 429, 500, 502, 503, 504, 999];

fuzz_target!(|data: &[u8]| {
    let (which, rest) = choice(data);
    let (status, body) = choice(rest);
    let org = org(which & 128 != 0);
    let texts = ["0035g00000AAAAAAA5".to_owned(), "aiko@example.test".to_owned(), "+819012345678".to_owned()];
    let calls = calls(&texts);
    let call = &calls[usize::from(which & 127) % calls.len()];
    let status = STATUSES[usize::from(status) % STATUSES.len()];
    let response = Response {
        status,
        headers: vec![
            ("date".into(), "Fri, 02 Jan 2026 03:04:05 GMT".into()),
            (
                "sforce-limit-info".into(),
                String::from_utf8_lossy(body.get(..40).unwrap_or(body)).into_owned(),
            ),
        ],
        body: body.to_vec(),
    };
    let reply = Salesforce.reply(&org, call, &response);
    assert_eq!(reply, Salesforce.reply(&org, call, &response), "reading it again says something else");
    let is_read =
        matches!(reply.result, Ok(ref answer) if !matches!(answer, Answer::Outcomes(_) | Answer::Nothing));
    assert!(!(call.is_write() && is_read), "a write was answered with {:?}", reply.result);
    match reply.result {
        Ok(Answer::Outcomes(outcomes)) => {
            let asked = match call {
                Call::WritePeople(people) => people.len(),
                Call::WriteEntries(entries) => entries.len(),
                Call::Delete(records) => records.len(),
                other => panic!("{} has outcomes", other.name()),
            };
            assert_eq!(outcomes.len(), asked, "one outcome for each record");
        }
        // A flow goes on with a request that can be made, to the same host.
        Ok(Answer::More(next, _)) => {
            let request = Salesforce.request(&org, &next);
            let address = url::Url::parse(&request.url).expect("an address");
            assert_eq!(address.host_str(), Some(causeway_fuzz::HOST), "{}", request.url);
            assert_eq!(address.scheme(), "https");
        }
        Ok(Answer::People(people)) => {
            for person in people {
                let RecordRef { id, .. } = &person.record;
                assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id} is no id");
            }
        }
        _ => {}
    }
});
