//! A ZIP archive of one file, stored as it is.

/// The archive of a file of that name.
pub fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    let (sum, size, length) = (crc32(content), number(content.len()), name.len());
    // Version, flags, method (stored), time, day, checksum, both sizes, length of the name, no extra field.
    let mut common = Vec::new();
    for half in [20_u16, 0, 0, 0, 0x21] {
        common.extend(half.to_le_bytes());
    }
    for word in [sum, size, size] {
        common.extend(word.to_le_bytes());
    }
    common.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
    common.extend([0, 0]);

    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend(&common);
    zip.extend(name.as_bytes());
    zip.extend(content);
    let start = zip.len();
    zip.extend(b"PK\x01\x02\x14\x00");
    zip.extend(&common);
    // No comment, disk 0, no attributes, and the file stands at the beginning.
    zip.extend([0; 14]);
    zip.extend(name.as_bytes());
    let end = zip.len();
    zip.extend(b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00");
    zip.extend(number(end - start).to_le_bytes());
    zip.extend(number(start).to_le_bytes());
    zip.extend([0, 0]);
    zip
}

fn number(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// The checksum that archives carry.
fn crc32(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }
}
