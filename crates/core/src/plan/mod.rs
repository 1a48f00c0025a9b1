//! What should be in the CRM, decided from timeline, mirror and settings.
