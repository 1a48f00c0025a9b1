//! Files and links on records and notes.

use bytes::Bytes;
use serde_json::json;

use super::world::{Reply, World, encode};

async fn upload(world: &World, path: &str, name: &str, content: &[u8]) -> Reply {
    let mut form =
        format!("--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
            .into_bytes();
    form.extend_from_slice(content);
    form.extend_from_slice(b"\r\n--b1--\r\n");
    let request = http::Request::post(format!("/crm/v8/{path}"))
        .header("authorization", format!("Zoho-oauthtoken {}", world.token))
        .header("content-type", "multipart/form-data; boundary=b1")
        .body(Bytes::from(form))
        .expect("a request");
    world.send(request).await.expect("an answer")
}

#[tokio::test]
async fn a_file_is_uploaded_listed_read_and_removed() {
    let world = World::new().await;
    let contact = world.create("Contacts", json!({"Last_Name": "A"})).await;
    let path = format!("Contacts/{contact}/Attachments");
    let done = upload(&world, &path, "photo 1.jpg", b"\xff\xd8 and \r\n--b2 in it").await;
    assert_eq!(
        (done.status, &done.element(0)["message"]),
        (200, &json!("attachment uploaded successfully")),
        "{}",
        done.text
    );
    let id = done.element(0)["details"]["id"].as_str().expect("an id").to_owned();
    let listed = world.get(&format!("{path}?fields=id,File_Name,Size,$file_id")).await;
    let file = listed.element(0);
    assert_eq!((&file["File_Name"], &file["$type"]), (&json!("photo 1.jpg"), &json!("File")));
    assert_eq!(file["Size"], "19");
    assert!(world.get(&format!("{path}/{id}")).await.text.ends_with(" and \r\n--b2 in it"));
    assert_eq!(world.delete(&format!("{path}/{id}")).await.element(0)["message"], "record deleted");
    assert_eq!(world.get(&format!("{path}/{id}")).await.code(), "INVALID_DATA");
}

#[tokio::test]
async fn a_link_is_kept_as_one_and_not_downloaded() {
    let world = World::new().await;
    let contact = world.create("Contacts", json!({"Last_Name": "A"})).await;
    let path = format!("Contacts/{contact}/Attachments");
    let link = encode("https://files.example.com/a.pdf");
    let done =
        world.call("POST", &format!("{path}?attachmentUrl={link}&title=Contract"), &json!(null), &[]).await;
    let id = done.element(0)["details"]["id"].as_str().expect("an id").to_owned();
    let file = world.get(&path).await.element(0).clone();
    assert_eq!(
        (&file["$link_url"], &file["$type"]),
        (&json!("https://files.example.com/a.pdf"), &json!("Link URL"))
    );
    assert_eq!(world.get(&format!("{path}/{id}")).await.code(), "DOWNLOAD_NOT_ALLOWED");
    let bad = world.call("POST", &format!("{path}?attachmentUrl=nowhere"), &json!(null), &[]).await;
    assert_eq!(bad.code(), "INVALID_URL_PATTERN");
}

#[tokio::test]
async fn a_note_shows_the_files_that_hang_on_it() {
    let world = World::new().await;
    let contact = world.create("Contacts", json!({"Last_Name": "A"})).await;
    let note =
        world.post(&format!("Contacts/{contact}/Notes"), json!({"data": [{"Note_Content": "x"}]})).await;
    let note = note.element(0)["details"]["id"].as_str().expect("an id").to_owned();
    let done = upload(&world, &format!("Notes/{note}/Attachments"), "a.txt", b"hello").await;
    let id = done.element(0)["details"]["id"].as_str().expect("an id").to_owned();
    let read = world.get(&format!("Notes/{note}")).await;
    assert_eq!(read.element(0)["$attachments"][0]["File_Name"], "a.txt");
    assert_eq!(read.element(0)["$attachments"][0]["Size"], "5");
    let file = world.get(&format!("Notes/{note}/Attachments/{id}")).await;
    assert_eq!(
        (file.text.as_str(), file.header("content-disposition")),
        ("hello", "attachment;filename*=UTF-8''a.txt")
    );
    world.delete(&format!("Notes/{note}/Attachments/{id}")).await;
    assert_eq!(world.get(&format!("Notes/{note}/Attachments?fields=id")).await.status, 204);
}

#[tokio::test]
async fn a_file_that_is_too_large_or_on_no_record_is_refused() {
    let world = World::new().await;
    let contact = world.create("Contacts", json!({"Last_Name": "A"})).await;
    let large = vec![b'x'; 20 * 1024 * 1024 + 1];
    let refused = upload(&world, &format!("Contacts/{contact}/Attachments"), "a.bin", &large).await;
    assert_eq!((refused.status, refused.code()), (413, "FILE_SIZE_MORE_THAN_ALLOWED_SIZE"));
    let refused = upload(&world, "Contacts/1/Attachments", "a.bin", b"x").await;
    assert_eq!(refused.body["message"], "the related id given seems to be invalid");
}
