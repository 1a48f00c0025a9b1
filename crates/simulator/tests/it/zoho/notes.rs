//! Notes, in every form.

use serde_json::{Value, json};

use super::world::World;

async fn contact(world: &World) -> String {
    world.create("Contacts", json!({"First_Name": "Ana", "Last_Name": "Souza"})).await
}

async fn note(world: &World, parent: &str, title: &str) -> String {
    let body = json!({"data": [{"Note_Title": title, "Note_Content": "hello"}]});
    let reply = world.post(&format!("Contacts/{parent}/Notes"), body).await;
    assert_eq!((reply.status, &reply.element(0)["message"]), (201, &json!("record added")), "{}", reply.text);
    reply.element(0)["details"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_note_hangs_on_the_record_of_its_path_or_on_the_one_it_names() {
    let world = World::new().await;
    let parent = contact(&world).await;
    note(&world, &parent, "One").await;
    let number: u64 = parent.parse().expect("a number");
    for named in [
        json!({"Parent_Id": {"module": {"api_name": "Contacts"}, "id": parent}}),
        json!({"Parent_Id": {"module": {"api_name": "Contacts"}, "id": number}}),
        json!({"Parent_Id": parent, "se_module": "Contacts"}),
    ] {
        let mut note = named;
        note["Note_Content"] = json!("hello");
        assert_eq!(world.post("Notes", json!({"data": [note]})).await.status, 201);
    }
    let listed =
        world.get(&format!("Contacts/{parent}/Notes?fields=Note_Title,Note_Content,Parent_Id")).await;
    assert_eq!(listed.ids().len(), 4);
    let first = listed.element(0);
    assert_eq!((&first["Note_Title"], &listed.element(1)["Note_Title"]), (&json!("One"), &Value::Null));
    assert_eq!(first["Parent_Id"]["module"]["api_name"], "Contacts");
    assert_eq!((&first["Parent_Id"]["name"], &first["$attachments"]), (&json!("Ana Souza"), &Value::Null));
}

#[tokio::test]
async fn a_note_without_words_or_parent_or_with_too_many_words_is_refused() {
    let world = World::new().await;
    let parent = contact(&world).await;
    let path = format!("Contacts/{parent}/Notes");
    let empty = world.post(&path, json!({"data": [{}]})).await;
    assert_eq!(empty.code(), "EXPECTED_FIELD_MISSING");
    assert_eq!(empty.element(0)["details"]["expected_fields"][0]["api_name"], "Note_Content");
    for (note, most) in [
        (json!({"Note_Title": "x".repeat(121), "Note_Content": "y"}), 120),
        (json!({"Note_Content": "x".repeat(65_536)}), 65_535),
    ] {
        let long = world.post(&path, json!({"data": [note]})).await;
        assert_eq!(
            (long.code(), &long.element(0)["details"]["maximum_length"]),
            ("INVALID_DATA", &json!(most))
        );
    }
    let orphan = world.post("Notes", json!({"data": [{"Note_Content": "x"}]})).await;
    assert_eq!(orphan.code(), "MANDATORY_NOT_FOUND");
    let stray = json!({"Note_Content": "x", "Parent_Id": {"module": {"api_name": "Contacts"}, "id": "1"}});
    let stray = world.post("Notes", json!({"data": [stray]})).await;
    assert_eq!(stray.element(0)["message"], "the related id given seems to be invalid");
    let gone = world.post("Contacts/1/Notes", json!({"data": [{"Note_Content": "x"}]})).await;
    assert_eq!(
        (gone.status, &gone.body["message"]),
        (400, &json!("the related id given seems to be invalid"))
    );
}

#[tokio::test]
async fn only_the_words_of_a_note_change_in_each_of_four_ways() {
    let world = World::new().await;
    let (parent, other) = (contact(&world).await, contact(&world).await);
    let id = note(&world, &parent, "One").await;
    let body = |words: &str| json!({"data": [{"id": id, "Note_Content": words, "Parent_Id": other}]});
    for (path, words) in [
        (format!("Notes/{id}"), "a"),
        ("Notes".to_owned(), "b"),
        (format!("Contacts/{parent}/Notes"), "c"),
        (format!("Contacts/{parent}/Notes/{id}"), "d"),
    ] {
        let reply = world.put(&path, body(words)).await;
        assert_eq!((reply.status, &reply.element(0)["message"]), (200, &json!("record updated")), "{path}");
        let read = world.get(&format!("Notes/{id}?fields=Note_Content,Parent_Id")).await;
        assert_eq!(
            (&read.element(0)["Note_Content"], &read.element(0)["Parent_Id"]["id"]),
            (&json!(words), &json!(parent))
        );
    }
    let elsewhere = world.put(&format!("Contacts/{other}/Notes/{id}"), body("e")).await;
    assert_eq!(elsewhere.code(), "INVALID_DATA");
}

#[tokio::test]
async fn a_deleted_note_is_gone() {
    let world = World::new().await;
    let parent = contact(&world).await;
    let [a, b, c] = [
        note(&world, &parent, "a").await,
        note(&world, &parent, "b").await,
        note(&world, &parent, "c").await,
    ];
    world.delete(&format!("Notes/{a}")).await;
    world.delete(&format!("Notes?ids={b}")).await;
    world.delete(&format!("Contacts/{parent}/Notes?ids={c}")).await;
    assert_eq!(world.get(&format!("Contacts/{parent}/Notes")).await.status, 204);
    assert_eq!(world.get(&format!("Notes/{a}")).await.status, 204);
    assert_eq!(
        world.put(&format!("Notes/{a}"), json!({"data": [{"Note_Content": "x"}]})).await.code(),
        "INVALID_DATA"
    );
}

#[tokio::test]
async fn the_order_of_notes_is_a_preference_unless_it_is_asked_for() {
    let world = World::new().await;
    let parent = contact(&world).await;
    let first = note(&world, &parent, "a").await;
    world.org.advance_clock(1.0);
    let second = note(&world, &parent, "b").await;
    let path = format!("Contacts/{parent}/Notes");
    assert_eq!(world.get(&path).await.ids(), [&first, &second]);
    world.option("notes_order", json!("newest_first")).await;
    assert_eq!(world.get(&path).await.ids(), [&second, &first]);
    let asked = world.get(&format!("{path}?fields=id&sort_by=Created_Time&sort_order=asc")).await;
    assert_eq!(asked.ids(), [&first, &second]);
}

#[tokio::test]
async fn the_list_of_all_notes_is_for_administrators() {
    let mut world = World::new().await;
    let parent = contact(&world).await;
    note(&world, &parent, "a").await;
    assert_eq!(world.get("Notes?fields=Note_Title").await.ids().len(), 1);
    world.log_in("jonas.okafor@acme.example").await;
    assert_eq!(world.get("Notes?fields=Note_Title").await.code(), "NOT_SUPPORTED");
}

#[tokio::test]
async fn a_strict_list_of_notes_needs_fields() {
    let world = World::new().await;
    let parent = contact(&world).await;
    note(&world, &parent, "a").await;
    world.option("related_fields_mandatory", json!(true)).await;
    assert_eq!(world.get(&format!("Contacts/{parent}/Notes")).await.code(), "REQUIRED_PARAM_MISSING");
}
