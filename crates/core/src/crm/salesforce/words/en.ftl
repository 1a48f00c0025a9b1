# What the pages say of Salesforce alone. Every CRM brings the same keys, beginning with its name, in every language.

salesforce-pitch = Shows a person’s contact or lead beside the conversation, and writes conversations as tasks on the right record: exactly once, in order.
salesforce-needs = API access, and the right to read contacts and leads and to write tasks. If something is missing, it is named before anything is stored. A user made for integrations is a good choice.
salesforce-revoke-place = Setup, Connected Apps OAuth Usage

salesforce-login-production = Production
salesforce-login-production-hint = The org that your company works in. Its people log in at login.salesforce.com.
salesforce-login-sandbox = Sandbox
salesforce-login-sandbox-hint = A copy for trying things out, made from test.salesforce.com. Nothing that is written there reaches production.
salesforce-login-own = My Domain
salesforce-login-own-hint = Your org has a login of its own and does not let people in at the common one.
salesforce-host-hint = For example acme.my.salesforce.com, or acme--uat.sandbox.my.salesforce.com. Only for My Domain.
salesforce-host-empty = Type the host that your people log in at, for example acme.my.salesforce.com.
salesforce-host-bad = { $host } is not a host of Salesforce. It ends in .my.salesforce.com; the operator of this server can allow others.
