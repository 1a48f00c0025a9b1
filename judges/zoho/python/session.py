"""The official Python SDK (zohocrmsdk8_0), unmodified, in a broad session against a simulated Zoho CRM org.

    session.py http://127.0.0.1:8091 EMPTY_FOLDER

Every answer is asserted as the SDK understood it. Prints what was covered; the exit code is 0 only if all held.
"""

import io
import json
import os
import sys
import urllib.request
import zipfile
from datetime import date, datetime, timezone

from zohocrmsdk.src.com.zoho.api.authenticator import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, Initializer, ParameterMap
from zohocrmsdk.src.com.zoho.crm.api.attachments import (
    AttachmentsOperations,
    FileBodyWrapper,
    GetAttachmentsParam,
    UploadUrlAttachmentsParam,
)
from zohocrmsdk.src.com.zoho.crm.api.bulk_read import (
    BodyWrapper as BulkBody,
    BulkReadOperations,
    Criteria,
    Query,
)
from zohocrmsdk.src.com.zoho.crm.api.change_owner import BodyWrapper as OwnerBody, ChangeOwnerOperations, Owner
from zohocrmsdk.src.com.zoho.crm.api.convert_lead import (
    BodyWrapper as ConversionBody,
    ConvertLeadOperations,
    LeadConverter,
)
from zohocrmsdk.src.com.zoho.crm.api.coql import BodyWrapper as QueryBody, CoqlOperations
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.exception import SDKException
from zohocrmsdk.src.com.zoho.crm.api.fields import (
    BodyWrapper as FieldBody,
    CreateFieldParam,
    Fields,
    FieldsOperations,
    GetFieldsParam,
    MinifiedField,
    PickListValue,
    UpdateFieldParam,
)
from zohocrmsdk.src.com.zoho.crm.api.layouts import GetLayoutsParam, LayoutsOperations
from zohocrmsdk.src.com.zoho.crm.api.modules import MinifiedModule, ModulesOperations
from zohocrmsdk.src.com.zoho.crm.api.notes import (
    BodyWrapper as NoteBody,
    DeleteNotesParam,
    GetNoteParam,
    GetNotesParam,
    Note,
    NotesOperations,
    ParentId,
)
from zohocrmsdk.src.com.zoho.crm.api.notifications import (
    BodyWrapper as WatchBody,
    DeleteNotificationParam,
    GetNotificationsParam,
    Notification,
    NotificationsOperations,
)
from zohocrmsdk.src.com.zoho.crm.api.org import OrgOperations
from zohocrmsdk.src.com.zoho.crm.api.pick_list_values import PickListValuesOperations
from zohocrmsdk.src.com.zoho.crm.api.record import (
    BodyWrapper,
    DeleteRecordsParam,
    GetDeletedRecordsParam,
    GetRecordsHeader,
    GetRecordsParam,
    Record,
    RecordOperations,
    SearchRecordsParam,
)
from zohocrmsdk.src.com.zoho.crm.api.related_lists import GetRelatedListsParam, RelatedListsOperations
from zohocrmsdk.src.com.zoho.crm.api.related_records import RelatedRecordsOperations
from zohocrmsdk.src.com.zoho.crm.api.tags import (
    BodyWrapper as TagBody,
    CreateTagsParam,
    GetTagsParam,
    NewTagRequestWrapper,
    Tag,
    TagsOperations,
)
from zohocrmsdk.src.com.zoho.crm.api.users import GetUsersParam, MinifiedUser, UsersOperations
from zohocrmsdk.src.com.zoho.crm.api.util import Choice, StreamWrapper

ORG, FOLDER = sys.argv[1], sys.argv[2]
CLIENT = {"client_id": "1000.CAUSEWAYSIM", "client_secret": "causeway-sim-secret"}
checks = 0


def same(what, found, wanted):
    """One check: what the SDK understood is what was said."""
    global checks
    checks += 1
    if isinstance(found, Choice):
        found = found.get_value()
    if found != wanted:
        raise AssertionError(f"{what}: {found!r}, not {wanted!r}")


def true(what, found):
    same(what, bool(found), True)


def behind(path, body):
    """The org's controls, which the SDK knows nothing of."""
    request = urllib.request.Request(f"{ORG}/_sim/{path}", json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def sign_in(**how):
    environment = DataCenter.Environment(ORG, f"{ORG}/oauth/v2/token", ORG)
    token = OAuthToken(**CLIENT, **how)
    Initializer.initialize(
        environment, token, store=FileStore(os.path.join(FOLDER, "tokens")), resource_path=FOLDER
    )
    return token


def asked(kind, **given):
    instance = ParameterMap()
    for name, value in given.items():
        instance.add(getattr(kind, name), value)
    return instance


def data(response, status=200):
    same("status", response.get_status_code(), status)
    return response.get_object().get_data()


def refused(response, status, code):
    """A whole request that was refused: one error object with code, details, message and status."""
    same("status", response.get_status_code(), status)
    error = response.get_object()
    same("code", error.get_code().get_value(), code)
    same("state", error.get_status().get_value(), "error")
    return error


def record(**fields):
    """A record with fields by their API names."""
    made = Record()
    for name, value in fields.items():
        made.add_key_value(name, value)
    return made


def batch(records, **more):
    body = BodyWrapper()
    body.set_data(records)
    for name, value in more.items():
        getattr(body, name)(value)
    return body


def tokens():
    sign_in(grant_token=behind("grant", {"user": "maya.lindqvist@acme.example"})["code"])
    users = UsersOperations().get_users(asked(GetUsersParam, type="CurrentUser"))
    me = users.get_object().get_users()[0]
    same("me", me.get_email(), "maya.lindqvist@acme.example")
    refresh = FileStore(os.path.join(FOLDER, "tokens")).get_tokens()[0].get_refresh_token()
    true("a refresh token is kept", refresh.startswith("1000."))
    os.remove(os.path.join(FOLDER, "tokens"))
    sign_in(refresh_token=refresh)
    again = UsersOperations().get_users(asked(GetUsersParam, type="CurrentUser"))
    same("me by refresh token", again.get_object().get_users()[0].get_id(), me.get_id())
    return me


def people(me):
    org = OrgOperations().get_organization().get_object().get_org()[0]
    same("domain", org.get_domain_name(), f"org{org.get_zgid()}")
    same("edition", org.get_license_details().get_paid_type(), "enterprise")
    every = UsersOperations().get_users(asked(GetUsersParam, type="AllUsers", per_page=2, page=2)).get_object()
    same("users on a page", len(every.get_users()), 2)
    same("more users", every.get_info().get_more_records(), True)
    one = UsersOperations().get_user(me.get_id()).get_object().get_users()[0]
    same("zone", one.get_time_zone(), "America/New_York")
    same("confirmed", one.get_confirm(), True)
    error = refused(UsersOperations().get_user(1), 400, "INVALID_DATA")
    same("details", error.get_details()["resource_path_index"], 1)


def metadata():
    modules = {module.get_api_name(): module for module in ModulesOperations().get_modules().get_object().get_modules()}
    same("deals", modules["Deals"].get_module_name(), "Potentials")
    same("not creatable", modules["Meter_Readings"].get_creatable(), False)
    one = ModulesOperations().get_module_by_api_name("Partners").get_object().get_modules()[0]
    same("custom", one.get_generated_type().get_value(), "custom")
    fields = FieldsOperations().get_fields(asked(GetFieldsParam, module="Contacts")).get_object().get_fields()
    fields = {field.get_api_name(): field for field in fields}
    same("phone", fields["Phone"].get_data_type(), "phone")
    same("length", fields["Phone"].get_length(), 30)
    same("lookup", fields["Account_Name"].get_lookup().get_module().get_api_name(), "Accounts")
    same("owner can be set", fields["Owner"].get_operation_type().get_api_create(), True)
    layouts = LayoutsOperations().get_layouts(asked(GetLayoutsParam, module="Leads")).get_object().get_layouts()
    needed = {field.get_api_name() for field in layouts[0].get_sections()[0].get_fields() if field.get_required()}
    same("mandatory on the layout", needed, {"Last_Name", "Company"})
    one = LayoutsOperations().get_layout(layouts[0].get_id(), asked(GetLayoutsParam, module="Leads"))
    same("one layout", one.get_object().get_layouts()[0].get_name(), "Standard")
    lists = RelatedListsOperations().get_related_lists(asked(GetRelatedListsParam, module="Contacts"))
    lists = {one.get_api_name(): one for one in lists.get_object().get_related_lists()}
    same("where notes are", lists["Notes"].get_href(), "Contacts/{ENTITYID}/Notes")
    return fields


def picklists(fields):
    field_id = fields["Lead_Source"].get_id()
    option, change, body = PickListValue(), Fields(), FieldBody()
    option.set_display_value("WhatsApp")
    option.set_actual_value("WhatsApp")
    change.set_pick_list_values([option])
    body.set_fields([change])
    answer = FieldsOperations().update_field(field_id, body, asked(UpdateFieldParam, module="Contacts"))
    same("option added", answer.get_object().get_fields()[0].get_code().get_value(), "SUCCESS")
    again = FieldsOperations().update_field(field_id, body, asked(UpdateFieldParam, module="Contacts"))
    same("option there already", again.get_object().get_fields()[0].get_code().get_value(), "DUPLICATE_DATA")
    values = PickListValuesOperations(field_id, "Contacts").get_pick_list_values()
    values = [value.get_display_value() for value in values.get_object().get_pick_list_values()]
    true("option listed", "WhatsApp" in values and "-None-" in values)
    link, body = Fields(), FieldBody()
    link.set_field_label("Chat link")
    link.set_data_type("website")
    link.set_length(255)
    body.set_fields([link])
    made = FieldsOperations().create_field(body, asked(CreateFieldParam, module="Contacts"))
    same("field created", made.get_status_code(), 201)
    same("field", made.get_object().get_fields()[0].get_message(), "field created")


def records(me):
    accounts, contacts = RecordOperations("Accounts"), RecordOperations("Contacts")
    account = data(accounts.create_records(batch([record(Account_Name="Initech")])), 201)[0].get_details()["id"]
    account = int(account)
    parent = Record()
    parent.set_id(account)
    owner = MinifiedUser()
    owner.set_id(me.get_id())
    ana = record(
        First_Name="Ana",
        Last_Name="Souza",
        Phone="+48600700800",
        Email="ana@example.com",
        Account_Name=parent,
        Owner=owner,
        Lead_Source=Choice("WhatsApp"),
        Date_of_Birth=date(1990, 3, 2),
        Email_Opt_Out=True,
    )
    nobody = record(First_Name="Nobody", Last_Name="x" * 60, Phone="tel:+48600")
    mixed = contacts.create_records(batch([ana, nobody, record(Last_Name="Zhu")], set_trigger=["workflow"]))
    results = data(mixed, 207)
    same("mixed", [result.get_status().get_value() for result in results], ["success", "error", "success"])
    same("field at fault", results[1].get_details()["api_name"], "Phone")
    same("why", results[1].get_code().get_value(), "INVALID_DATA")
    ana_id, zhu_id = (int(result.get_details()["id"]) for result in (results[0], results[2]))
    true("an id beyond a double", ana_id > 2**53)
    read = data(contacts.get_record(ana_id))[0]
    same("name", read.get_key_value("Full_Name"), "Ana Souza")
    same("account", read.get_key_value("Account_Name").get_id(), account)
    same("owner", read.get_key_value("Owner").get_email(), me.get_email())
    same("day", read.get_key_value("Date_of_Birth"), date(1990, 3, 2))
    same("choice", read.get_key_value("Lead_Source").get_value(), "WhatsApp")
    same("switch", read.get_key_value("Email_Opt_Out"), True)
    true("created just now", abs((datetime.now(timezone.utc) - read.get_created_time()).total_seconds()) < 600)
    changed = record(Title="Dr.")
    one = data(contacts.update_record(ana_id, batch([changed])))[0]
    same("updated", one.get_message(), "record updated")
    first, second = record(Title="Prof."), record(Title="Ms.")
    first.set_id(ana_id)
    second.set_id(1)
    results = data(contacts.update_records(batch([first, second])), 207)
    same("stale id", results[1].get_details()["api_name"], "id")
    upsert = batch([record(Last_Name="Souza", Email="ana@example.com", Department="Sales")])
    upsert.set_duplicate_check_fields(["Email"])
    one = data(contacts.upsert_records(upsert))[0]
    same("upsert", (one.get_action().get_value(), one.get_duplicate_field()), ("update", "Email"))
    return account, ana_id, zhu_id


def lists(ana_id, zhu_id):
    contacts = RecordOperations("Contacts")
    page = asked(GetRecordsParam, fields="Last_Name,Phone", per_page=1, sort_by="Created_Time", sort_order="asc")
    listed = contacts.get_records(page)
    same("one on a page", len(data(listed)), 1)
    info = listed.get_object().get_info()
    same("more", info.get_more_records(), True)
    page = asked(GetRecordsParam, fields="Last_Name,Phone", per_page=1, sort_by="Created_Time", sort_order="asc")
    page.add(GetRecordsParam.page_token, info.get_next_page_token())
    same("the next page", len(data(contacts.get_records(page))), 1)
    refused(contacts.get_records(), 400, "REQUIRED_PARAM_MISSING")
    since = HeaderMap()
    since.add(GetRecordsHeader.if_modified_since, datetime(2199, 1, 1, 10, 0, 0, tzinfo=timezone.utc))
    fields = asked(GetRecordsParam, fields="Last_Name")
    same("nothing since", contacts.get_records(fields, since).get_status_code(), 304)
    refused(RecordOperations("Reports").get_records(fields), 400, "INVALID_MODULE")
    true("found", ana_id != zhu_id)


def searches(ana_id):
    contacts = RecordOperations("Contacts")
    for name, value in [
        ("phone", "+48600700800"),
        ("phone", "600700800"),
        ("email", "ana@example.com"),
        ("word", "Souza"),
        ("criteria", "((Last_Name:equals:Souza)and(Phone:starts_with:+48))"),
    ]:
        found = data(contacts.search_records(asked(SearchRecordsParam, **{name: value})))
        same(f"search by {name}", [hit.get_id() for hit in found], [ana_id])
    none = contacts.search_records(asked(SearchRecordsParam, phone="999888777"))
    same("no hit", (none.get_status_code(), none.get_object()), (204, None))
    refused(contacts.search_records(asked(SearchRecordsParam, criteria="(Nothing:equals:x)")), 400, "INVALID_QUERY")
    same("count", contacts.record_count().get_object().get_count() >= 2, True)


def queries(ana_id):
    def ask(text):
        body = QueryBody()
        body.set_select_query(text)
        return CoqlOperations().get_records(body)

    answer = ask("select Last_Name, Phone, Account_Name from Contacts where Phone = '+48600700800' limit 0, 200")
    found = data(answer)[0]
    same("by phone", found.get_id(), ana_id)
    same("lookup", found.get_key_value("Account_Name")["name"], "Initech")
    same("count", answer.get_object().get_info().get_count(), 1)
    same("none", ask("select id from Contacts where Phone = '1'").get_status_code(), 204)
    refused(ask("select id from Contacts"), 400, "SYNTAX_ERROR")


def notes(ana_id):
    def note(content, title=None, **more):
        made = Note()
        made.set_note_content(content)
        if title:
            made.set_note_title(title)
        for name, value in more.items():
            getattr(made, name)(value)
        return made

    def body(*given):
        wrapper = NoteBody()
        wrapper.set_data(list(given))
        return wrapper

    parent, module = ParentId(), MinifiedModule()
    module.set_api_name("Contacts")
    parent.set_module(module)
    parent.set_id(ana_id)
    stray, nowhere = ParentId(), MinifiedModule()
    nowhere.set_api_name("Contacts")
    stray.set_module(nowhere)
    stray.set_id(1)
    operations = NotesOperations()
    results = data(
        operations.create_notes(
            body(note("10:00 Ana: hello", "WhatsApp chat with Ana", set_parent_id=parent), note("x", set_parent_id=stray))
        ),
        207,
    )
    same("a stray note", results[1].get_code().get_value(), "INVALID_DATA")
    note_id = int(results[0].get_details()["id"])
    data(operations.update_note(note_id, body(note("10:00 Ana: hello\n10:01 Ana: still there?"))))
    several = note("10:00 Ana: hello\n10:02 Maya: yes")
    several.set_id(note_id)
    data(operations.update_notes(body(several)))
    read = data(operations.get_note(note_id, asked(GetNoteParam, fields="Note_Title,Note_Content,Parent_Id")))[0]
    same("content", read.get_note_content(), "10:00 Ana: hello\n10:02 Maya: yes")
    same("title", read.get_note_title(), "WhatsApp chat with Ana")
    same("parent", read.get_parent_id().get_id(), ana_id)
    listed = data(operations.get_notes(asked(GetNotesParam, fields="Note_Title")))
    true("listed", note_id in [one.get_id() for one in listed])
    related = data(RelatedRecordsOperations("Notes", "Contacts").get_related_records(ana_id))
    same("listed with their record", [one.get_id() for one in related], [note_id])
    data(operations.delete_notes(asked(DeleteNotesParam, ids=str(note_id))))
    gone = operations.get_note(note_id)
    same("gone", gone.get_status_code(), 204)


def attachments(ana_id):
    operations = AttachmentsOperations()
    path = os.path.join(FOLDER, "photo.txt")
    with open(path, "wb") as file:
        file.write(b"a picture, in words")
    upload = FileBodyWrapper()
    upload.set_file(StreamWrapper(file_path=path))
    done = data(operations.upload_attachments(ana_id, "Contacts", upload))[0]
    same("uploaded", done.get_code().get_value(), "SUCCESS")
    linked = asked(UploadUrlAttachmentsParam, attachmenturl="https://files.example.com/a.pdf", title="Contract")
    same("linked", data(operations.upload_url_attachments(ana_id, "Contacts", linked))[0].get_code().get_value(), "SUCCESS")
    listed = data(operations.get_attachments(ana_id, "Contacts", asked(GetAttachmentsParam, fields="id,File_Name,Size")))
    names = {one.get_file_name(): one for one in listed}
    same("names", set(names), {"photo.txt", "Contract"})
    file_id = names["photo.txt"].get_id()
    got = operations.get_attachment(file_id, ana_id, "Contacts").get_object().get_file()
    same("content", b"".join(got.get_stream()), b"a picture, in words")
    refused(operations.get_attachment(names["Contract"].get_id(), ana_id, "Contacts"), 400, "DOWNLOAD_NOT_ALLOWED")
    same("removed", data(operations.delete_attachment(file_id, ana_id, "Contacts"))[0].get_code().get_value(), "SUCCESS")


def tags(ana_id):
    tag, body = Tag(), TagBody()
    tag.set_name("whatsapp")
    body.set_tags([tag])
    made = TagsOperations().create_tags(body, asked(CreateTagsParam, module="Contacts"))
    same("tag made", made.get_object().get_tags()[0].get_code().get_value(), "SUCCESS")
    listed = TagsOperations().get_tags(asked(GetTagsParam, module="Contacts")).get_object().get_tags()
    same("tag listed", [one.get_name() for one in listed], ["whatsapp"])
    wish = NewTagRequestWrapper()
    wish.set_tags([tag])
    added = TagsOperations().add_tags("Contacts", ana_id, wish)
    same("tag added", data(added)[0].get_code().get_value(), "SUCCESS")
    read = data(RecordOperations("Contacts").get_record(ana_id))[0]
    same("tag on the record", [one.get_name() for one in read.get_tag()], ["whatsapp"])


def owners(ana_id):
    colleague = UsersOperations().get_users(asked(GetUsersParam, type="ActiveConfirmedUsers")).get_object().get_users()[1]
    body, owner = OwnerBody(), Owner()
    owner.set_id(colleague.get_id())
    body.set_owner(owner)
    done = data(ChangeOwnerOperations("Contacts").single_update(ana_id, body))[0]
    same("owner changed", done.get_code().get_value(), "SUCCESS")
    read = data(RecordOperations("Contacts").get_record(ana_id))[0]
    same("new owner", read.get_key_value("Owner").get_id(), colleague.get_id())


def conversions():
    leads = RecordOperations("Leads")
    lead = int(data(leads.create_records(batch([record(Last_Name="Sato", Company="Sato Trading")])), 201)[0].get_details()["id"])
    wish, body = LeadConverter(), ConversionBody()
    wish.set_overwrite(True)
    body.set_data([wish])
    done = data(ConvertLeadOperations(lead).convert_lead(body))[0]
    same("converted", done.get_code(), "SUCCESS")
    contact = done.get_details()["Contacts"].get_id()
    same("contact", data(RecordOperations("Contacts").get_record(contact))[0].get_key_value("Full_Name"), "Sato")
    hidden = leads.get_records(asked(GetRecordsParam, fields="Last_Name"))
    same("a converted lead is not listed", hidden.get_status_code(), 204)
    shown = data(leads.get_records(asked(GetRecordsParam, fields="Last_Name", converted="true")))
    same("unless asked for", [one.get_id() for one in shown], [lead])


def watching():
    channel, body = Notification(), WatchBody()
    channel.set_channel_id("1000000068001")
    channel.set_events(["Contacts.create", "Contacts.edit"])
    channel.set_notify_url("https://chat.example.com/hooks/zoho")
    channel.set_token("t1")
    body.set_watch([channel])
    operations = NotificationsOperations()
    made = operations.enable_notifications(body)
    same("watching", (made.get_status_code(), made.get_object().get_watch()[0].get_code().get_value()), (201, "SUCCESS"))
    listed = operations.get_notifications(asked(GetNotificationsParam, channel_id=1000000068001)).get_object().get_watch()
    same("what is watched", {one.get_resource_name() for one in listed}, {"Contacts"})
    ended = operations.delete_notification(asked(DeleteNotificationParam, channel_ids="1000000068001"))
    same("no longer", ended.get_object().get_watch()[0].get_code(), "SUCCESS")


def bulk(ana_id):
    module, field, only, query, body = MinifiedModule(), MinifiedField(), Criteria(), Query(), BulkBody()
    module.set_api_name("Contacts")
    field.set_api_name("Last_Name")
    only.set_field(field)
    only.set_comparator(Choice("equal"))
    only.set_value("Souza")
    query.set_module(module)
    query.set_fields(["Last_Name", "Phone"])
    query.set_criteria(only)
    body.set_query(query)
    made = BulkReadOperations().create_bulk_read_job(body)
    same("job", (made.get_status_code(), made.get_object().get_data()[0].get_code().get_value()), (201, "ADDED_SUCCESSFULLY"))
    job = int(made.get_object().get_data()[0].get_details()["id"])
    detail = data(BulkReadOperations().get_bulk_read_job_details(job))[0]
    same("done", (detail.get_state().get_value(), detail.get_result().get_count()), ("COMPLETED", 1))
    file = BulkReadOperations().download_result(job).get_object().get_file()
    archive = zipfile.ZipFile(io.BytesIO(b"".join(file.get_stream())))
    same("sound", archive.testzip(), None)
    rows = archive.read(archive.namelist()[0]).decode().splitlines()
    same("rows", rows, ["Id,Last_Name,Phone", f"{ana_id},Souza,+48600700800"])


def deletions(ana_id, zhu_id):
    contacts = RecordOperations("Contacts")
    results = data(contacts.delete_records(asked(DeleteRecordsParam, ids=f"{zhu_id},1")), 207)
    same("deleted", [one.get_status().get_value() for one in results], ["success", "error"])
    same("one more", data(contacts.delete_record(ana_id))[0].get_code().get_value(), "SUCCESS")
    same("gone", contacts.get_record(ana_id).get_status_code(), 204)
    listed = contacts.get_deleted_records(asked(GetDeletedRecordsParam, type="all"))
    true("in the bin", ana_id in [one.get_id() for one in data(listed)])


def troubles():
    behind("faults", {"kind": "limit_exhausted", "path": "/Contacts", "times": 1})
    refused(RecordOperations("Contacts").get_records(asked(GetRecordsParam, fields="id")), 429, "TOO_MANY_REQUESTS")
    behind("permissions", {"user": "*", "no_create": ["Vendors"]})
    error = refused(RecordOperations("Vendors").create_records(batch([record(Vendor_Name="V")])), 403, "NO_PERMISSION")
    same("which", error.get_details()["permissions"], ["Crm_Implied_Create_Vendors"])
    behind("tokens", {"expire_sessions": True})
    refused(RecordOperations("Contacts").get_records(asked(GetRecordsParam, fields="id")), 401, "INVALID_TOKEN")
    os.remove(os.path.join(FOLDER, "tokens"))
    try:
        sign_in(refresh_token="1000.nobody.knows")
        OrgOperations().get_organization()
    except SDKException as error:
        true("a refused refresh says so", "invalid_code" in str(error))
    else:
        raise AssertionError("a refresh token that nobody gave was taken")


def session():
    me = tokens()
    people(me)
    picklists(metadata())
    account, ana_id, zhu_id = records(me)
    lists(ana_id, zhu_id)
    searches(ana_id)
    queries(ana_id)
    notes(ana_id)
    attachments(ana_id)
    tags(ana_id)
    owners(ana_id)
    bulk(ana_id)
    conversions()
    watching()
    deletions(ana_id, zhu_id)
    troubles()
    print(f"zohocrmsdk8_0: {checks} checks held")


session()
