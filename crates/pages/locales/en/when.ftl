when-today = Today
when-yesterday = Yesterday
when-now = just now
when-seconds-ago =
    { $count ->
        [one] { $count } second ago
       *[other] { $count } seconds ago
    }
when-minutes-ago =
    { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
when-hours-ago =
    { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
when-days-ago =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
when-at = at { $time }
when-on = on { $day } at { $time }
when-moment = { $day }, { $time }
