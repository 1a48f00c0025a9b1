//! A record made on request to try a connection, and removed again at once (R2.42, X18).

use causeway_core::{
    call::{Answer, Call, PeopleQuery, PersonWrite},
    lane::Verdict,
    plan::settings::ChatSync,
    record::{Module, PersonField, PersonFields, RecordRef},
};
use serde::Serialize;

use crate::{
    app::App,
    crm::{Failure, Line},
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
}

/// Makes a test record with the settings of an integration, and removes it.
pub async fn test_record(app: &App, connection_id: i64, settings: &ChatSync) -> Result<TestRecord, Failure> {
    let Some(mut line) = Line::open(app, connection_id).await? else {
        return Ok(failed(None, "there is no such connection"));
    };
    let org = line.profile().await?;
    let module = settings.new_module().unwrap_or(Module::Lead);
    let id = app.nature.id();
    let marker = format!("causeway-test-{id}@example.com");
    let (workspace_id, now, kept) = (line.connection().workspace_id, app.now(), marker.clone());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                test_record::begin(tx, workspace_id, id, connection_id, &kept, module, now).await
            })
        })
        .await?;
    let call = Call::WritePeople(vec![PersonWrite {
        id: None,
        module,
        fields: fields(&marker, settings, &org.acting_user.id, module),
        allow_duplicate: true,
        unmodified_since: None,
    }]);
    let outcome = line.write(call, 1).await?.outcomes.remove(0);
    let made = match (&outcome.verdict, outcome.id) {
        (Verdict::Done, made) => made,
        (Verdict::Unknown { .. }, _) => find(&mut line, &marker).await?,
        (verdict, _) => {
            let said = Failure::Verdict(verdict.clone()).to_string();
            app.db.write(move |tx| Box::pin(test_record::removed(tx, workspace_id, id))).await?;
            return Ok(failed(None, &format!("the CRM did not take a test {}: {said}", module.name())));
        }
    };
    let Some(record_id) = made else {
        return Ok(failed(
            None,
            "the answer was lost and no test record is to be found; look again in ten minutes",
        ));
    };
    let noted = record_id.clone();
    app.db
        .write(move |tx| Box::pin(async move { test_record::made(tx, workspace_id, id, &noted).await }))
        .await?;
    let delete = Call::Delete(vec![RecordRef { module, id: record_id.clone() }]);
    let mut removal = line.write(delete.clone(), 1).await?.outcomes.remove(0);
    if let Verdict::Unknown { .. } = removal.verdict {
        // Deleting twice is harmless.
        removal = line.write(delete, 1).await?.outcomes.remove(0);
    }
    if removal.verdict != Verdict::Done {
        let said = Failure::Verdict(removal.verdict).to_string();
        return Ok(failed(
            Some(record_id),
            &format!("the test record was made, but not removed again: {said}"),
        ));
    }
    app.db.write(move |tx| Box::pin(test_record::removed(tx, workspace_id, id))).await?;
    Ok(TestRecord {
        record_id: Some(record_id),
        is_removed: true,
        sentence: format!("a test {} was made in {} and removed again", module.name(), org.org_name),
    })
}

fn failed(record_id: Option<String>, sentence: &str) -> TestRecord {
    TestRecord { record_id, is_removed: false, sentence: sentence.to_owned() }
}

fn fields(marker: &str, settings: &ChatSync, owner_id: &str, module: Module) -> PersonFields {
    let mut fields = PersonFields::new();
    fields.insert(PersonField::LastName, "Causeway test".into());
    fields.insert(PersonField::Email, marker.to_owned());
    fields.insert(PersonField::Owner, owner_id.to_owned());
    if module == Module::Lead {
        fields.insert(PersonField::Company, settings.company.clone());
    }
    if !settings.lead_source.is_empty() {
        fields.insert(PersonField::LeadSource, settings.lead_source.clone());
    }
    for (name, value) in &settings.new_record_values {
        fields.insert(PersonField::Custom(name.clone()), value.clone());
    }
    fields
}

/// Finds a test record by its marker, after its answer was lost.
async fn find(line: &mut Line, marker: &str) -> Result<Option<String>, Failure> {
    let query = PeopleQuery { emails: vec![marker.to_owned()], ..PeopleQuery::default() };
    match line.call(Call::FindPeople(query)).await? {
        Answer::People(people) => Ok(people.into_iter().next().map(|person| person.record.id)),
        _ => Ok(None),
    }
}
