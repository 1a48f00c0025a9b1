//! Addresses where nothing is.

use crate::browser::site::Site;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_not_there_says_so_on_a_phone() {
    let site = Site::unconnected().await;
    let browser = site.browser().await;
    browser.phone().await;
    browser.open("/no/such/page").await;
    browser.wait_for_text("Nothing here").await;
    browser.picture("nothing-here").await;
    browser.end().await;
}
