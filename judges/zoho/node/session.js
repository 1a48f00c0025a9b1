// The official Node SDK (@zohocrm/nodejs-sdk-8.0), unmodified, in a broad session against a simulated Zoho CRM org.
//
//     node session.js http://127.0.0.1:8091 EMPTY_FOLDER
//
// Every answer is asserted as the SDK understood it. Prints how many checks held; the exit code is 0 only if all did.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as sdk from "@zohocrm/nodejs-sdk-8.0";

const [ORG, FOLDER] = process.argv.slice(2);
const STORE = path.join(FOLDER, "tokens");
const { Attachments, ChangeOwner, Choice, Coql, Fields, Layouts, Modules, Notes, Org, PickListValues, RelatedLists, Tags, Users } = sdk;
const { ParameterMap, HeaderMap, Record, StreamWrapper } = sdk;
let checks = 0;

/** One check: what the SDK understood is what was said. */
function same(what, found, wanted) {
  checks += 1;
  assert.deepEqual(found instanceof Choice ? found.getValue() : found, wanted, what);
}

/** The org's controls, which the SDK knows nothing of. */
async function behind(resource, body) {
  const answer = await fetch(`${ORG}/_sim/${resource}`, { method: "POST", body: JSON.stringify(body) });
  assert.equal(answer.status, 200);
  return answer.json();
}

async function signIn(how) {
  const environment = sdk.DataCenter.setEnvironment(ORG, `${ORG}/oauth/v2/token`, ORG);
  const token = how(new sdk.OAuthBuilder().clientId("1000.CAUSEWAYSIM").clientSecret("causeway-sim-secret")).build();
  const builder = await new sdk.InitializeBuilder();
  await builder
    .environment(environment)
    .token(token)
    .store(new sdk.FileStore(STORE))
    .SDKConfig(new sdk.SDKConfigBuilder().build())
    .resourcePath(FOLDER)
    .initialize();
}

/** The SDK's parameters: pairs of a parameter and its value. */
async function asked(...pairs) {
  const map = new ParameterMap();
  for (const [parameter, value] of pairs) await map.add(parameter, value);
  return map;
}

function data(response, status = 200) {
  same("status", response.getStatusCode(), status);
  return response.getObject().getData();
}

/** A whole request that was refused: one error object with code, details, message and status. */
function refused(response, status, code) {
  same("status", response.getStatusCode(), status);
  const error = response.getObject();
  same("code", error.getCode(), code);
  same("state", error.getStatus(), "error");
  return error;
}

/** A record with fields by their API names. */
function record(fields) {
  const made = new Record.Record();
  for (const [name, value] of Object.entries(fields)) made.addKeyValue(name, value);
  return made;
}

function batch(records) {
  const body = new Record.BodyWrapper();
  body.setData(records);
  return body;
}

const id = (result) => BigInt(result.getDetails().get("id"));

async function tokens() {
  const { code } = await behind("grant", { user: "maya.lindqvist@acme.example" });
  await signIn((token) => token.grantToken(code));
  const current = () => asked([Users.GetUsersParam.TYPE, "CurrentUser"]);
  const users = await new Users.UsersOperations().getUsers(await current());
  const me = users.getObject().getUsers()[0];
  same("me", me.getEmail(), "maya.lindqvist@acme.example");
  const refresh = (await new sdk.FileStore(STORE).getTokens())[0].getRefreshToken();
  same("a refresh token is kept", refresh.startsWith("1000."), true);
  fs.rmSync(STORE);
  await signIn((token) => token.refreshToken(refresh));
  const again = await new Users.UsersOperations().getUsers(await current());
  same("me by refresh token", again.getObject().getUsers()[0].getId(), me.getId());
  return me;
}

async function people(me) {
  const org = (await new Org.OrgOperations().getOrganization()).getObject().getOrg()[0];
  same("domain", org.getDomainName(), `org${org.getZgid()}`);
  const { TYPE, PAGE, PER_PAGE } = Users.GetUsersParam;
  const users = new Users.UsersOperations();
  const every = (await users.getUsers(await asked([TYPE, "ActiveUsers"], [PAGE, 1], [PER_PAGE, 2]))).getObject();
  same("users on a page", every.getUsers().length, 2);
  same("more users", every.getInfo().getMoreRecords(), true);
  const one = (await users.getUser(me.getId())).getObject().getUsers()[0];
  same("zone", one.getTimeZone().name, "America/New_York");
  refused(await users.getUser(1n), 400, "INVALID_DATA");
}

async function metadata() {
  const every = (await new Modules.ModulesOperations().getModules()).getObject().getModules();
  const modules = new Map(every.map((module) => [module.getAPIName(), module]));
  same("deals", modules.get("Deals").getModuleName(), "Potentials");
  same("not creatable", modules.get("Meter_Readings").getCreatable(), false);
  const one = (await new Modules.ModulesOperations().getModuleByAPIName("Partners")).getObject().getModules()[0];
  same("custom", one.getGeneratedType(), "custom");
  const ofContacts = await asked([Fields.GetFieldsParam.MODULE, "Contacts"]);
  const listed = (await new Fields.FieldsOperations().getFields(ofContacts)).getObject().getFields();
  const fields = new Map(listed.map((field) => [field.getAPIName(), field]));
  same("phone", fields.get("Phone").getDataType(), "phone");
  same("length", fields.get("Phone").getLength(), 30);
  same("owner can be set", fields.get("Owner").getOperationType().getAPICreate(), true);
  const ofLeads = await asked([Layouts.GetLayoutsParam.MODULE, "Leads"]);
  const layouts = (await new Layouts.LayoutsOperations().getLayouts(ofLeads)).getObject().getLayouts();
  const needed = layouts[0].getSections()[0].getFields().filter((field) => field.getRequired());
  same("mandatory on the layout", needed.map((field) => field.getAPIName()).sort(), ["Company", "Last_Name"]);
  const lists = await new RelatedLists.RelatedListsOperations().getRelatedLists(
    await asked([RelatedLists.GetRelatedListsParam.MODULE, "Contacts"]),
  );
  const notes = lists.getObject().getRelatedLists().find((list) => list.getAPIName() === "Notes");
  same("where notes are", notes.getHref(), "Contacts/{ENTITYID}/Notes");
  return fields;
}

async function picklists(fields) {
  const field = fields.get("Lead_Source").getId();
  const option = new Fields.PickListValue();
  option.setDisplayValue("WhatsApp");
  option.setActualValue("WhatsApp");
  const change = new Fields.Fields();
  change.setPickListValues([option]);
  const body = new Fields.BodyWrapper();
  body.setFields([change]);
  const update = async () =>
    new Fields.FieldsOperations().updateField(field, body, await asked([Fields.UpdateFieldParam.MODULE, "Contacts"]));
  same("option added", (await update()).getObject().getFields()[0].getCode(), "SUCCESS");
  same("option there already", (await update()).getObject().getFields()[0].getCode(), "DUPLICATE_DATA");
  const values = (await new PickListValues.PickListValuesOperations(field, "Contacts").getPickListValues()).getObject();
  const words = values.getPickListValues().map((value) => value.getDisplayValue());
  same("option listed", words.includes("WhatsApp") && words.includes("-None-"), true);
}

async function records(me) {
  const contacts = new Record.RecordOperations("Contacts");
  const accounts = new Record.RecordOperations("Accounts");
  const account = id(data(await accounts.createRecords(batch([record({ Account_Name: "Initech" })])), 201)[0]);
  const parent = new Record.Record();
  parent.setId(account);
  const owner = new Users.MinifiedUser();
  owner.setId(me.getId());
  const ana = record({
    First_Name: "Ana",
    Last_Name: "Souza",
    Phone: "+48600700800",
    Email: "ana@example.com",
    Account_Name: parent,
    Owner: owner,
    Lead_Source: new Choice("WhatsApp"),
    Email_Opt_Out: true,
  });
  const nobody = record({ Last_Name: "Nobody", Phone: "tel:+48600" });
  const results = data(await contacts.createRecords(batch([ana, nobody, record({ Last_Name: "Zhu" })])), 207);
  same("mixed", results.map((result) => result.getStatus().getValue()), ["success", "error", "success"]);
  same("field at fault", results[1].getDetails().get("api_name"), "Phone");
  same("why", results[1].getCode(), "INVALID_DATA");
  const anaId = id(results[0]);
  const zhuId = id(results[2]);
  same("an id beyond a double", anaId > 2n ** 53n, true);
  const read = data(await contacts.getRecord(anaId))[0];
  same("the id is whole", read.getId(), anaId);
  same("name", read.getKeyValue("Full_Name"), "Ana Souza");
  same("account", read.getKeyValue("Account_Name").getId(), account);
  same("owner", read.getKeyValue("Owner").getEmail(), me.getEmail());
  same("choice", read.getKeyValue("Lead_Source"), "WhatsApp");
  same("switch", read.getKeyValue("Email_Opt_Out"), true);
  same("updated", data(await contacts.updateRecord(anaId, batch([record({ Title: "Dr." })])))[0].getMessage(), "record updated");
  const first = record({ Title: "Prof." });
  first.setId(anaId);
  const stale = record({ Title: "Ms." });
  stale.setId(1n);
  same("stale id", data(await contacts.updateRecords(batch([first, stale])), 207)[1].getDetails().get("api_name"), "id");
  const upsert = batch([record({ Last_Name: "Souza", Email: "ana@example.com", Department: "Sales" })]);
  upsert.setDuplicateCheckFields(["Email"]);
  const one = data(await contacts.upsertRecords(upsert))[0];
  same("upsert", one.getAction(), "update");
  same("which field", one.getDuplicateField(), "Email");
  return [anaId, zhuId];
}

async function lists() {
  const contacts = new Record.RecordOperations("Contacts");
  const { FIELDS, PER_PAGE, SORT_BY, SORT_ORDER, PAGE_TOKEN } = Record.GetRecordsParam;
  const same_again = [[FIELDS, "Last_Name,Phone"], [PER_PAGE, 1], [SORT_BY, "Created_Time"], [SORT_ORDER, "asc"]];
  const listed = await contacts.getRecords(await asked(...same_again));
  same("one on a page", data(listed).length, 1);
  const info = listed.getObject().getInfo();
  same("more", info.getMoreRecords(), true);
  const next = await contacts.getRecords(await asked(...same_again, [PAGE_TOKEN, info.getNextPageToken()]));
  same("the next page", data(next).length, 1);
  refused(await contacts.getRecords(), 400, "REQUIRED_PARAM_MISSING");
  const since = new HeaderMap();
  await since.add(Record.GetRecordsHeader.IF_MODIFIED_SINCE, new Date("2199-01-01T10:00:00Z"));
  same("nothing since", (await contacts.getRecords(await asked([FIELDS, "Last_Name"]), since)).getStatusCode(), 304);
}

async function searches(anaId) {
  const contacts = new Record.RecordOperations("Contacts");
  const { PHONE, EMAIL, WORD, CRITERIA } = Record.SearchRecordsParam;
  // The SDK sends a plus sign as it is, which arrives as a space: search by digits.
  for (const [parameter, value] of [
    [PHONE, "48600700800"],
    [PHONE, "+48600700800"],
    [EMAIL, "ana@example.com"],
    [WORD, "Souza"],
    [CRITERIA, "((Last_Name:equals:Souza)and(Email:starts_with:ana))"],
  ]) {
    const found = data(await contacts.searchRecords(await asked([parameter, value])));
    same(`search for ${value}`, found.map((hit) => hit.getId()), [anaId]);
  }
  const none = await contacts.searchRecords(await asked([PHONE, "999888777"]));
  same("no hit", none.getStatusCode(), 204);
  refused(await contacts.searchRecords(await asked([CRITERIA, "(Nothing:equals:x)"])), 400, "INVALID_QUERY");
  same("count", Number((await contacts.recordCount()).getObject().getCount()) >= 2, true);
}

async function queries(anaId) {
  const ask = (text) => {
    const body = new Coql.BodyWrapper();
    body.setSelectQuery(text);
    return new Coql.CoqlOperations().getRecords(body);
  };
  const answer = await ask("select Last_Name, Phone from Contacts where Phone = '+48600700800' limit 0, 200");
  same("by phone", data(answer)[0].getId(), anaId);
  same("one row", answer.getObject().getInfo().getCount(), 1);
  same("none", (await ask("select id from Contacts where Phone = '1'")).getStatusCode(), 204);
  refused(await ask("select id from Contacts"), 400, "SYNTAX_ERROR");
}

async function notes(anaId) {
  const parent = (of) => {
    const made = new Notes.ParentId();
    const module = new Modules.MinifiedModule();
    module.setAPIName("Contacts");
    made.setModule(module);
    made.setId(of);
    return made;
  };
  const note = (content, title, of) => {
    const made = new Notes.Note();
    made.setNoteContent(content);
    if (title) made.setNoteTitle(title);
    if (of) made.setParentId(parent(of));
    return made;
  };
  const body = (...given) => {
    const wrapper = new Notes.BodyWrapper();
    wrapper.setData(given);
    return wrapper;
  };
  const operations = new Notes.NotesOperations();
  const made = await operations.createNotes(body(note("10:00 Ana: hello", "WhatsApp chat with Ana", anaId), note("x", null, 1n)));
  const results = data(made, 207);
  same("a stray note", results[1].getCode(), "INVALID_DATA");
  const noteId = id(results[0]);
  same("note updated", data(await operations.updateNote(noteId, body(note("10:00 Ana: hello\n10:01 Ana: hm")))) [0].getCode(), "SUCCESS");
  const words = await asked([Notes.GetNoteParam.FIELDS, "Note_Title,Note_Content,Parent_Id"]);
  const read = data(await operations.getNote(noteId, words))[0];
  same("content", read.getNoteContent(), "10:00 Ana: hello\n10:01 Ana: hm");
  same("title", read.getNoteTitle(), "WhatsApp chat with Ana");
  same("parent", read.getParentId().getId(), anaId);
  const listed = data(await operations.getNotes(await asked([Notes.GetNotesParam.FIELDS, "Note_Title"])));
  same("listed", listed.some((one) => one.getId() === noteId), true);
  same("deleted", data(await operations.deleteNote(noteId))[0].getCode(), "SUCCESS");
  same("gone", (await operations.getNote(noteId)).getStatusCode(), 204);
}

async function attachments(anaId) {
  const operations = new Attachments.AttachmentsOperations();
  const photo = path.join(FOLDER, "photo.txt");
  fs.writeFileSync(photo, "a picture, in words");
  const upload = new Attachments.FileBodyWrapper();
  upload.setFile(new StreamWrapper(null, null, photo));
  same("uploaded", data(await operations.uploadAttachments(anaId, "Contacts", upload))[0].getCode(), "SUCCESS");
  const { ATTACHMENTURL, TITLE } = Attachments.UploadUrlAttachmentsParam;
  const linked = await asked([ATTACHMENTURL, "https://files.example.com/a.pdf"], [TITLE, "Contract"]);
  same("linked", data(await operations.uploadUrlAttachments(anaId, "Contacts", linked))[0].getCode(), "SUCCESS");
  const wanted = await asked([Attachments.GetAttachmentsParam.FIELDS, "id,File_Name,Size"]);
  const listed = data(await operations.getAttachments(anaId, "Contacts", wanted));
  same("names", listed.map((one) => one.getFileName()).sort(), ["Contract", "photo.txt"]);
  const file = listed.find((one) => one.getFileName() === "photo.txt").getId();
  // Of a download the SDK gives a promise of its object.
  const body = await (await operations.getAttachment(file, anaId, "Contacts")).getObject();
  same("content", body.getFile().getStream().toString(), "a picture, in words");
  same("removed", data(await operations.deleteAttachment(file, anaId, "Contacts"))[0].getCode(), "SUCCESS");
}

async function tags(anaId) {
  const tag = new Tags.Tag();
  tag.setName("whatsapp");
  const body = new Tags.BodyWrapper();
  body.setTags([tag]);
  const made = await new Tags.TagsOperations().createTags(body, await asked([Tags.CreateTagsParam.MODULE, "Contacts"]));
  same("tag made", made.getObject().getTags()[0].getCode(), "SUCCESS");
  const listed = await new Tags.TagsOperations().getTags(await asked([Tags.GetTagsParam.MODULE, "Contacts"]));
  same("tag listed", listed.getObject().getTags().map((one) => one.getName()), ["whatsapp"]);
  const wish = new Tags.NewTagRequestWrapper();
  wish.setTags([tag]);
  same("tag added", data(await new Tags.TagsOperations().addTags("Contacts", anaId, wish))[0].getCode(), "SUCCESS");
  const read = data(await new Record.RecordOperations("Contacts").getRecord(anaId))[0];
  same("tag on the record", read.getTag().map((one) => one.getName()), ["whatsapp"]);
}

async function owners(anaId) {
  const active = await new Users.UsersOperations().getUsers(await asked([Users.GetUsersParam.TYPE, "ActiveConfirmedUsers"]));
  const colleague = active.getObject().getUsers()[1];
  const owner = new ChangeOwner.Owner();
  owner.setId(colleague.getId());
  const body = new ChangeOwner.BodyWrapper();
  body.setOwner(owner);
  same("owner changed", data(await new ChangeOwner.ChangeOwnerOperations("Contacts").singleUpdate(anaId, body))[0].getCode(), "SUCCESS");
  const read = data(await new Record.RecordOperations("Contacts").getRecord(anaId))[0];
  same("new owner", read.getKeyValue("Owner").getId(), colleague.getId());
}

async function deletions(anaId, zhuId) {
  const contacts = new Record.RecordOperations("Contacts");
  const both = await asked([Record.DeleteRecordsParam.IDS, `${zhuId},1`]);
  const results = data(await contacts.deleteRecords(both), 207);
  same("deleted", results.map((one) => one.getStatus().getValue()), ["success", "error"]);
  same("one more", data(await contacts.deleteRecord(anaId))[0].getCode(), "SUCCESS");
  same("gone", (await contacts.getRecord(anaId)).getStatusCode(), 204);
  const bin = data(await contacts.getDeletedRecords(await asked([Record.GetDeletedRecordsParam.TYPE, "all"])));
  same("in the bin", bin.some((one) => one.getId() === anaId), true);
}

async function troubles() {
  const contacts = new Record.RecordOperations("Contacts");
  const ids = () => asked([Record.GetRecordsParam.FIELDS, "id"]);
  // The SDK's HTTP client asks twice more by itself.
  await behind("faults", { kind: "limit_exhausted", path: "/Contacts", times: 3 });
  refused(await contacts.getRecords(await ids()), 429, "TOO_MANY_REQUESTS");
  await behind("permissions", { user: "*", no_create: ["Vendors"] });
  const vendors = new Record.RecordOperations("Vendors");
  refused(await vendors.createRecords(batch([record({ Vendor_Name: "V" })])), 403, "NO_PERMISSION");
  await behind("tokens", { expire_sessions: true });
  refused(await contacts.getRecords(await ids()), 401, "INVALID_TOKEN");
  fs.rmSync(STORE);
  let said = "";
  try {
    await signIn((token) => token.refreshToken("1000.nobody.knows"));
    await new Org.OrgOperations().getOrganization();
  } catch (error) {
    said = `${error.message} ${error.code} ${error}`;
  }
  same("a refused refresh says so", said.includes("invalid_code"), true);
}

const me = await tokens();
await people(me);
await picklists(await metadata());
const [anaId, zhuId] = await records(me);
await lists();
await searches(anaId);
await queries(anaId);
await notes(anaId);
await attachments(anaId);
await tags(anaId);
await owners(anaId);
await deletions(anaId, zhuId);
await troubles();
console.log(`@zohocrm/nodejs-sdk-8.0: ${checks} checks held`);
