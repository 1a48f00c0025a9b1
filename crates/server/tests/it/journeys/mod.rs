//! A webhook in, the CRM changed: whole stories against the simulated org, on both databases.

mod first;
