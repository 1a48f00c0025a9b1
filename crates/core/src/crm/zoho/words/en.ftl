# What the pages say of Zoho CRM alone. Every CRM brings the same keys, beginning with its name, in every language.

zoho-pitch = Shows a person’s contact or lead beside the conversation, and keeps each day’s messages in one note on the right record: in order, exactly once.
zoho-needs = An edition with API access, and a user who may see, make and change records of the module that conversations go to, and its notes. If something is missing, it is named before anything is stored. A user made for integrations is a good choice.
zoho-revoke-place = your Zoho account, Sessions, Connected Apps

zoho-login-us = United States
zoho-login-us-hint = Your people log in at accounts.zoho.com. If you are not sure, start here: Zoho moves you to your own data center.
zoho-login-eu = Europe
zoho-login-eu-hint = Your people log in at accounts.zoho.eu.
zoho-login-in = India
zoho-login-in-hint = Your people log in at accounts.zoho.in.
zoho-login-cn = China
zoho-login-cn-hint = Your people log in at accounts.zoho.com.cn.
zoho-login-au = Australia
zoho-login-au-hint = Your people log in at accounts.zoho.com.au.
zoho-login-jp = Japan
zoho-login-jp-hint = Your people log in at accounts.zoho.jp.
zoho-login-ca = Canada
zoho-login-ca-hint = Your people log in at accounts.zohocloud.ca.
zoho-login-sa = Saudi Arabia
zoho-login-sa-hint = Your people log in at accounts.zoho.sa.
zoho-login-uk = United Kingdom
zoho-login-uk-hint = Your people log in at accounts.zoho.uk.
zoho-login-ae = United Arab Emirates
zoho-login-ae-hint = Your people log in at accounts.zoho.ae.
