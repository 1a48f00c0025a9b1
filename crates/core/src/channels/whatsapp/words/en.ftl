# What the pages say of WhatsApp alone. Every channel brings the same keys, beginning with its name, in every language.

whatsapp-new-text = You need the app in Meta's dashboard (developers.facebook.com, My Apps) that has the WhatsApp product. The next page says what to enter there.
whatsapp-secret-hint = In Meta's dashboard under App settings, Basic, App secret: press Show. It proves that requests come from Meta; it is kept sealed and never shown again.
whatsapp-secret-empty = Paste the app secret from Meta's dashboard.
whatsapp-token-hint = Any text that you also enter at Meta. This one was made for you; nobody can guess it.
whatsapp-token-change = If you change it, enter it at Meta too the next time you verify the webhook there.
whatsapp-token-empty = Write any text; you enter the same at Meta.
whatsapp-access-hint = For photos, voice messages and documents. In Meta's Business settings under Users, System users: generate a token for the app with the permission whatsapp_business_messaging, without an end. It is kept sealed and never shown again.
whatsapp-access-empty = Paste the system user's token from Meta's Business settings.
whatsapp-secrets-text = To rotate: add the new secret here, reset it at Meta, then retire the old one. While two are active, requests signed with either are accepted.

whatsapp-setup = Set it up at Meta
whatsapp-step-app = In Meta's dashboard open your app, then WhatsApp, Configuration.
whatsapp-step-url = Under Webhook press Edit, and enter these two:
whatsapp-step-fields = Press Verify and save. Then press Manage and subscribe to the field messages.
whatsapp-step-write = Write to your number from a phone. It shows here:
whatsapp-added = The endpoint is there. Enter the two values below at Meta.
whatsapp-remove-stops = Requests to its address are refused from now on: no new message arrives through it. Take the webhook out at Meta too.
