//! What Meta's three channels share: signature and set-up challenge. No channel lives here.
