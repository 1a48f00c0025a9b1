//! The daily API allowance: counted by the minute, forgotten after 24 hours.

use std::collections::VecDeque;

use serde_json::{Value, json};

const DAY_MINUTES: i64 = 24 * 60;

/// The calls of the last 24 hours.
#[derive(Clone, Default)]
pub struct Usage {
    minutes: VecDeque<(i64, u64)>,
    total: u64,
}

impl Usage {
    /// How many calls the last 24 hours saw.
    pub fn used(&mut self, now: i64) -> u64 {
        let minute = now.div_euclid(60);
        while let Some((oldest, calls)) = self.minutes.front().copied() {
            if oldest > minute - DAY_MINUTES {
                break;
            }
            self.total -= calls;
            self.minutes.pop_front();
        }
        self.total
    }

    /// Counts so many calls.
    pub fn count(&mut self, now: i64, calls: u64) {
        let minute = now.div_euclid(60);
        match self.minutes.back_mut() {
            Some((last, count)) if *last == minute => *count += calls,
            _ => self.minutes.push_back((minute, calls)),
        }
        self.total += calls;
    }

    /// Forgets every call and pretends that so many were made now.
    pub fn set(&mut self, now: i64, calls: u64) {
        self.minutes.clear();
        self.total = 0;
        if calls > 0 {
            self.count(now, calls);
        }
    }
}

/// The body of `/limits`.
pub fn describe(used: u64, daily_limit: u64) -> Value {
    let full = |max: u64| json!({"Max": max, "Remaining": max});
    json!({
        "ActiveScratchOrgs": full(3),
        "AnalyticsExternalDataSizeMB": full(40_960),
        "ConcurrentAsyncGetReportInstances": full(200),
        "ConcurrentSyncReportRuns": full(20),
        "DailyApiRequests": {"Max": daily_limit, "Remaining": daily_limit.saturating_sub(used)},
        "DailyAsyncApexExecutions": full(250_000),
        "DailyBulkApiBatches": full(15_000),
        "DailyBulkV2QueryFileStorageMB": full(976_562),
        "DailyBulkV2QueryJobs": full(10_000),
        "DailyGenericStreamingApiEvents": full(10_000),
        "DailyStreamingApiEvents": full(10_000),
        "DailyWorkflowEmails": full(1_000),
        "DataStorageMB": full(1_073),
        "FileStorageMB": full(1_073),
        "HourlyODataCallout": full(1_000),
        "HourlyPublishedPlatformEvents": full(50_000),
        "HourlyTimeBasedWorkflow": full(1_000),
        "MassEmail": full(5_000),
        "MonthlyPlatformEvents": full(300_000),
        "PermissionSets": {"Max": 1_500, "Remaining": 1_499, "CreateCustom": full(1_000)},
        "SingleEmail": full(5_000),
        "StreamingApiConcurrentClients": full(1_000),
    })
}
