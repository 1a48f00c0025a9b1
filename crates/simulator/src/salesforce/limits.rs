//! The resource that says what is left of every allowance.

use serde_json::{Value, json};

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
