// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title HexText
/// @notice Lower-case hexadecimal digits, 32 at a time: all digits of a word are worked on at once, a byte each.
library HexText {
    uint256 private constant ONES = 0x0101010101010101010101010101010101010101010101010101010101010101;

    /// @notice The 16 bytes that 32 digits stand for.
    /// @param text 32 characters.
    /// @return sound False where one of them is not a digit 0-9 or a-f.
    /// @return value The bytes, as a number.
    function decode(uint256 text) internal pure returns (bool sound, uint256 value) {
        unchecked {
            uint256 letters = (text >> 6) & ONES;
            value = (text & (ONES * 0x0f)) + letters * 9;
            // Written back, the digits must be the same characters; letters stand for ten and above, and only they do.
            sound = text == value + ONES * 0x30 + letters * 0x27 && ((value + ONES * 6) >> 4) & ONES == letters
                && value & (ONES * 0x10) == 0;

            value = (value | (value >> 4)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
            value = (value | (value >> 8)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
            value = (value | (value >> 16)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
            value = (value | (value >> 32)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
            value = (value | (value >> 64)) & 0xffffffffffffffffffffffffffffffff;
        }
    }

    /// @notice The 32 digits of 16 bytes.
    /// @param value Below 2^128.
    function encode(uint256 value) internal pure returns (uint256 text) {
        unchecked {
            text = (value | (value << 64)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
            text = (text | (text << 32)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
            text = (text | (text << 16)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
            text = (text | (text << 8)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
            text = (text | (text << 4)) & (ONES * 0x0f);
            text = text + ONES * 0x30 + (((text + ONES * 6) >> 4) & ONES) * 0x27;
        }
    }
}
