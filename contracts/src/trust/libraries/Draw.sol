// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Draw
/// @notice Draws a token from what was told of a position, in integers throughout: docs/evidence.md, "The draw".
library Draw {
    /// @dev A gap from here on has no weight.
    uint256 private constant FARTHEST = 16_384;
    uint256 private constant ONE = 2 ** 26;

    /// @notice The weights of the gaps 0 to 255, which `weight` begins with: computed once, they are needed often.
    /// @dev The factors are ⌊2^26 × e^(−2^b / 1000) + ½⌋ for the bits b of the gap, here 0 to 7. Each doubles the table.
    function table() internal pure returns (uint256[] memory low) {
        low = new uint256[](256);
        uint32[8] memory factors =
            [67_041_789, 66_974_780, 66_840_965, 66_574_135, 66_043_666, 64_995_376, 62_948_450, 59_045_961];
        unchecked {
            low[0] = ONE;
            uint256 filled = 1;
            for (uint256 bit = 0; bit < 8; ++bit) {
                uint256 factor = factors[bit];
                for (uint256 i = 0; i < filled; ++i) {
                    _store(low, filled + i, (_load(low, i) * factor) >> 26);
                }
                filled *= 2;
            }
        }
    }

    /// @notice 2^26 × e^(−gap / 1000), rounded down at every step; 0 from a gap of 16,384 on.
    /// @param low What `table` gives.
    function weight(uint256[] memory low, uint256 gap) internal pure returns (uint256 w) {
        if (gap >= FARTHEST) return 0;
        unchecked {
            w = _load(low, gap & 0xff);
            if (gap & 0x0100 != 0) w = (w * 51_951_788) >> 26;
            if (gap & 0x0200 != 0) w = (w * 40_218_060) >> 26;
            if (gap & 0x0400 != 0) w = (w * 24_102_514) >> 26;
            if (gap & 0x0800 != 0) w = (w * 8_656_549) >> 26;
            if (gap & 0x1000 != 0) w = (w * 1_116_631) >> 26;
            if (gap & 0x2000 != 0) w = (w * 18_580) >> 26;
        }
    }

    /// @notice The random number of one position, below 2^64: the first 8 bytes of
    /// sha256("heddle/1 draw" ‖ seed ‖ choice ‖ position).
    function random(bytes32 seed, uint16 choice, uint32 position) internal pure returns (uint256) {
        return uint256(sha256(abi.encodePacked("heddle/1 draw", seed, choice, position))) >> 192;
    }

    /// @notice Draws one of `count` candidates.
    /// @dev The distances are used up: weights take their places.
    /// @param low What `table` gives.
    /// @param below How far each candidate's log-probability is below the first one's, in thousandths; falling order.
    /// @param count How many of `below` count; at least 1.
    /// @param temperature Thousandths; 0 takes the first candidate.
    /// @param topP Millionths.
    /// @param number A random number below 2^64.
    /// @return drawn Which candidate is drawn.
    function draw(
        uint256[] memory low,
        uint256[] memory below,
        uint256 count,
        uint256 temperature,
        uint256 topP,
        uint256 number
    ) internal pure returns (uint256 drawn) {
        if (temperature == 0) return 0;
        unchecked {
            uint256 all = 0;
            for (uint256 i = 0; i < count; ++i) {
                uint256 w = weight(low, _load(below, i) * 1000 / temperature);
                _store(below, i, w);
                all += w;
            }

            // The shortest run of first candidates that holds topP millionths of all weights.
            uint256 enough = all * topP;
            uint256 sum = _load(below, 0);
            for (uint256 i = 1; sum * 1_000_000 < enough; ++i) {
                sum += _load(below, i);
            }

            uint256 left = (number * sum) >> 64;
            uint256 running = _load(below, 0);
            while (running <= left) {
                running += _load(below, ++drawn);
            }
        }
    }

    /// @dev Words of an array, whose bounds the caller keeps: the loops above end within `count`.
    function _load(uint256[] memory words, uint256 i) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(words, 0x20), shl(5, i)))
        }
    }

    function _store(uint256[] memory words, uint256 i, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(add(add(words, 0x20), shl(5, i)), word)
        }
    }
}
