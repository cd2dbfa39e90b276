// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HexText} from "./HexText.sol";
import {ProofErrors} from "./ProofErrors.sol";

/// @notice A text of JSON as UTF-16, which RFC 8785 orders names by: its first 32 units, and how many there are.
struct Utf16 {
    uint256 high;
    uint256 low;
    uint256 length;
}

/// @title CanonicalText
/// @notice The pieces that the canonical JSON of receipts and offers is made of, read from memory. Each function takes
/// the address of the next byte and returns the one after what it read; each reverts for anything but the canonical form.
/// @dev No piece takes a zero byte, so nothing is read past a zero that the caller puts behind the text.
library CanonicalText {
    uint256 private constant LARGEST_INTEGER = 2 ** 53 - 1;
    uint256 private constant MOST_DIGITS = 39;
    uint256 private constant MOST_OF_A_NAME = 32;
    /// @dev `__proto__` in UTF-16, which is no name.
    bytes32 private constant UNNAMED = hex"005f005f00700072006f0074006f005f005f";
    /// @dev 32 times the digit 0.
    uint256 private constant ZEROS = 0x3030303030303030303030303030303030303030303030303030303030303030;

    /// @notice Exactly these characters.
    /// @param characters At most 32, none of them zero.
    function skip(uint256 cursor, bytes32 characters, uint256 length) internal pure returns (uint256) {
        unchecked {
            if ((word(cursor) ^ uint256(characters)) >> (256 - 8 * length) != 0) revert ProofErrors.MalformedText();
            return cursor + length;
        }
    }

    /// @notice 64 hexadecimal digits.
    function digest(uint256 cursor) internal pure returns (uint256, bytes32) {
        unchecked {
            (bool soundHigh, uint256 high) = HexText.decode(word(cursor));
            (bool soundLow, uint256 low) = HexText.decode(word(cursor + 32));
            if (!soundHigh || !soundLow) revert ProofErrors.MalformedText();
            return (cursor + 64, bytes32((high << 128) | low));
        }
    }

    /// @notice 40 hexadecimal digits.
    function account(uint256 cursor) internal pure returns (uint256, address) {
        unchecked {
            (bool soundHigh, uint256 high) = HexText.decode(word(cursor));
            // The last 8 digits, behind zeros.
            (bool soundLow, uint256 low) = HexText.decode((ZEROS << 64) | (word(cursor + 32) >> 192));
            if (!soundHigh || !soundLow) revert ProofErrors.MalformedText();
            // 16 bytes and 4 more.
            // forge-lint: disable-next-line(unsafe-typecast)
            return (cursor + 40, address(uint160((high << 32) | low)));
        }
    }

    /// @notice An integer of JSON: at least 1 and below 2^53.
    function integer(uint256 cursor) internal pure returns (uint256 next, uint256 value) {
        (next, value) = natural(cursor);
        if (value == 0) revert ProofErrors.MalformedText();
    }

    /// @notice An integer of JSON: zero or more, and below 2^53.
    function natural(uint256 cursor) internal pure returns (uint256 next, uint256 value) {
        (next, value) = decimal(cursor, 16);
        if (value > LARGEST_INTEGER) revert ProofErrors.MalformedText();
    }

    /// @notice The digits of an amount: below 2^128.
    function amount(uint256 cursor) internal pure returns (uint256 next, uint256 value) {
        (next, value) = decimal(cursor, MOST_DIGITS);
        if (value > type(uint128).max) revert ProofErrors.MalformedText();
    }

    /// @notice The digits of a count: at most 18.
    function count(uint256 cursor) internal pure returns (uint256 next, uint256 value) {
        return decimal(cursor, 18);
    }

    /// @notice Decimal digits without a leading zero.
    /// @param most How many at most; 39 or less.
    function decimal(uint256 cursor, uint256 most) internal pure returns (uint256 next, uint256 value) {
        unchecked {
            next = cursor;
            for (uint256 digit = byteAt(next) - 0x30; digit < 10; digit = byteAt(next) - 0x30) {
                value = value * 10 + digit;
                ++next;
                if (next - cursor > most) revert ProofErrors.MalformedText();
            }
            if (next == cursor || (byteAt(cursor) == 0x30 && next - cursor > 1)) revert ProofErrors.MalformedText();
        }
    }

    /// @notice A text, from behind its opening to behind its closing quotation mark: well-formed UTF-8, escaped as
    /// ECMAScript does it and not otherwise.
    /// @param most UTF-16 units at most.
    function text(uint256 cursor, uint256 most) internal pure returns (uint256, Utf16 memory units) {
        unchecked {
            uint256 high = 0;
            uint256 low = 0;
            uint256 length = 0;
            while (true) {
                uint256 unit = byteAt(cursor);
                if (unit == 0x22) break;
                if (unit < 0x20) revert ProofErrors.MalformedText();
                if (unit == 0x5c) {
                    (cursor, unit) = escaped(cursor);
                } else if (unit < 0x80) {
                    ++cursor;
                } else {
                    (cursor, unit) = multibyte(cursor);
                    if (unit >= 0x10000) {
                        // Two units; a shift by 256 or more gives zero, so each lands in its own word or nowhere.
                        uint256 surrogate = 0xd800 + ((unit - 0x10000) >> 10);
                        high |= surrogate << (240 - 16 * length);
                        low |= surrogate << (496 - 16 * length);
                        ++length;
                        unit = 0xdc00 + (unit & 0x3ff);
                    }
                }
                high |= unit << (240 - 16 * length);
                low |= unit << (496 - 16 * length);
                ++length;
                if (length > most) revert ProofErrors.MalformedText();
            }
            units.high = high;
            units.low = low;
            units.length = length;
            return (cursor + 1, units);
        }
    }

    /// @notice A name that is not fixed, of at most 32 units, with its quotation marks and colon.
    /// @param before The name before it in the same object, which has to be below this one.
    /// @param isFirst True where there is none before it.
    function name(uint256 cursor, Utf16 memory before, bool isFirst)
        internal
        pure
        returns (uint256 next, Utf16 memory units)
    {
        (next, units) = text(skip(cursor, '"', 1), MOST_OF_A_NAME);
        next = skip(next, ":", 1);
        if (!isFirst && !isBelow(before, units)) revert ProofErrors.MalformedText();
        if (units.length == 9 && bytes32(units.high) == UNNAMED) revert ProofErrors.MalformedText();
    }

    /// @dev The order of RFC 8785, for texts of at most 32 units.
    function isBelow(Utf16 memory left, Utf16 memory right) private pure returns (bool) {
        if (left.high != right.high) return left.high < right.high;
        if (left.low != right.low) return left.low < right.low;
        // Units that are zero and units that are not there look alike.
        return left.length < right.length;
    }

    /// @dev What a reverse solidus escapes.
    function escaped(uint256 cursor) private pure returns (uint256, uint256) {
        unchecked {
            uint256 kind = byteAt(cursor + 1);
            if (kind == 0x22 || kind == 0x5c) return (cursor + 2, kind);
            if (kind == 0x62) return (cursor + 2, 0x08);
            if (kind == 0x74) return (cursor + 2, 0x09);
            if (kind == 0x6e) return (cursor + 2, 0x0a);
            if (kind == 0x66) return (cursor + 2, 0x0c);
            if (kind == 0x72) return (cursor + 2, 0x0d);

            // The other control characters: \u00 and two digits, the first of which is 0 or 1.
            cursor = skip(cursor, "\\u00", 4);
            (bool sound, uint256 value) = HexText.decode((ZEROS << 16) | (word(cursor) >> 240));
            bool hasShortForm = value >= 0x08 && value <= 0x0d && value != 0x0b;
            if (!sound || value >= 0x20 || hasShortForm) revert ProofErrors.MalformedText();
            return (cursor + 2, value);
        }
    }

    /// @dev A character above U+007F.
    function multibyte(uint256 cursor) private pure returns (uint256, uint256 character) {
        unchecked {
            uint256 first = byteAt(cursor);
            uint256 following = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
            character = first & (following == 1 ? 0x1f : following == 2 ? 0x0f : 0x07);
            for (uint256 i = 1; i <= following; ++i) {
                uint256 part = byteAt(cursor + i);
                if (part & 0xc0 != 0x80) revert ProofErrors.MalformedText();
                character = (character << 6) | (part & 0x3f);
            }
            // Not a byte that begins nothing, not longer than necessary, no half of a pair, nothing that does not exist.
            uint256 least = following == 1 ? 0x80 : following == 2 ? 0x800 : 0x10000;
            bool isSurrogate = character >= 0xd800 && character <= 0xdfff;
            if (first < 0xc0 || first > 0xf7 || character < least || isSurrogate || character > 0x10ffff) {
                revert ProofErrors.MalformedText();
            }
            return (cursor + 1 + following, character);
        }
    }

    function byteAt(uint256 cursor) internal pure returns (uint256) {
        return word(cursor) >> 248;
    }

    function word(uint256 cursor) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(cursor)
        }
    }
}
