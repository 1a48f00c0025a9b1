//! A record made on request to try a connection, and removed again at once (R2.42, X18).

use causeway_core::{
    call::{Answer, Call},
    channels,
    lane::Verdict,
    plan::{people::Trial, places, settings::ChatSync},
    record::{Module, RecordRef},
};
use serde::Serialize;

use crate::{
    app::App,
    crm::{Failure, Line, unexpected},
    store::test_record,
};

/// How the trial went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestRecord {
    /// The record that was made.
    pub record_id: Option<String>,
    /// It is gone again.
    pub is_removed: bool,
    /// What happened, in a sentence.
    pub sentence: String,
    /// What to do about it, if something is.
    pub action: Option<String>,
}

/// Makes a test record with the settings of an integration, and removes it.
pub async fn test_record(app: &App, connection_id: i64, settings: &ChatSync) -> Result<TestRecord, Failure> {
    let Some(mut line) = Line::open(app, connection_id).await? else {
        return Ok(failed(None, "there is no such connection", "connect the CRM first"));
    };
    let org = line.profile().await?;
    let module = Trial::module(settings);
    let id = app.nature.id();
    let (workspace_id, now, marker) = (line.connection().workspace_id, app.now(), Trial(id).email());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                test_record::begin(tx, workspace_id, id, connection_id, &marker, module, now).await
            })
        })
        .await?;
    let what = places::label_of_one(module, Some(&org)).to_lowercase();
    let channel = channels::ALL.first().map_or("", |channel| channel.title());
    let write = Trial(id).write(settings, &org, channel, &app.chat_url(id));
    let call = Call::WritePeople(vec![write]);
    let outcome = line.write(call, 1).await?.outcomes.remove(0);
    let made = match (&outcome.verdict, outcome.id) {
        (Verdict::Done, made) => made,
        (Verdict::Unknown { .. }, _) => find(&mut line, id, module).await?.map(|record| record.id),
        (verdict, _) => {
            let failure = Failure::Verdict(verdict.clone());
            app.db.write(move |tx| Box::pin(test_record::removed(tx, workspace_id, id))).await?;
            let sentence = format!("the CRM did not take a test {what}: {failure}");
            return Ok(failed(None, &sentence, failure.action()));
        }
    };
    let Some(record_id) = made else {
        return Ok(failed(
            None,
            "the answer was lost and no test record is to be found; if one appears, it is removed by itself",
            "try again in a moment",
        ));
    };
    let noted = record_id.clone();
    app.db
        .write(move |tx| Box::pin(async move { test_record::made(tx, workspace_id, id, &noted).await }))
        .await?;
    if let Err(failure) = remove(&mut line, RecordRef { module, id: record_id.clone() }).await {
        return match failure {
            Failure::Store(_) => Err(failure),
            Failure::Verdict(_) => Ok(failed(
                Some(record_id),
                &format!("the test record was made, but not removed again: {failure}"),
                failure.action(),
            )),
        };
    }
    app.db.write(move |tx| Box::pin(test_record::removed(tx, workspace_id, id))).await?;
    Ok(TestRecord {
        record_id: Some(record_id),
        is_removed: true,
        sentence: format!("a test {what} was made in {} and removed again", org.org_name),
        action: None,
    })
}

fn failed(record_id: Option<String>, sentence: &str, action: &str) -> TestRecord {
    let action = Some(action.to_owned());
    TestRecord { record_id, is_removed: false, sentence: sentence.to_owned(), action }
}

/// Removes a record of ours, whether or not it is still there.
pub(super) async fn remove(line: &mut Line, record: RecordRef) -> Result<(), Failure> {
    let delete = Call::Delete(vec![record]);
    let mut removal = line.write(delete.clone(), 1).await?.outcomes.remove(0);
    if let Verdict::Unknown { .. } = removal.verdict {
        // Deleting twice is harmless.
        removal = line.write(delete, 1).await?.outcomes.remove(0);
    }
    if removal.verdict == Verdict::Done { Ok(()) } else { Err(Failure::Verdict(removal.verdict)) }
}

/// Finds a test record, after its answer was lost.
pub(super) async fn find(line: &mut Line, id: i64, module: Module) -> Result<Option<RecordRef>, Failure> {
    let trial = Trial(id);
    of_trial(trial, line.call(Call::FindPeople(trial.query(module))).await?)
}

/// The record of a trial among those found. An answer of another kind does not say that there is none.
fn of_trial(trial: Trial, answer: Answer) -> Result<Option<RecordRef>, Failure> {
    let Answer::People(people) = answer else {
        return Err(unexpected("the search for a test record was answered otherwise"));
    };
    Ok(people.into_iter().find(|found| trial.is(found)).map(|found| found.record))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_another_kind_does_not_say_that_there_is_no_test_record() {
        assert!(matches!(of_trial(Trial(1), Answer::People(Vec::new())), Ok(None)));
        assert!(matches!(of_trial(Trial(1), Answer::Nothing), Err(Failure::Verdict(Verdict::Hold { .. }))));
    }
}
