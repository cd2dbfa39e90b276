// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LibraryHarness} from "./support/LibraryHarness.sol";
import {Vectors} from "./support/Vectors.sol";

/// @notice Whoever has the candidates, the seed and the position draws the same token.
contract DrawAgainTest is Vectors {
    /// @dev One case of the file. Weights, nucleus and sum are not told at temperature 0.
    struct Case {
        string name;
        bytes32 seed;
        uint16 choice;
        uint32 position;
        uint256 temperature;
        uint256 topP;
        uint256[] below;
        uint256 random;
        uint256 drawn;
        uint256[] weights;
        uint256 nucleus;
        uint256 sum;
    }

    LibraryHarness private libraries = new LibraryHarness();
    Case[] private cases;

    function setUp() external {
        uint256 count = casesOf(inferenceVectors("draw"));
        for (uint256 i = 0; i < count; ++i) {
            // A call of its own, for the file is large and every question to it takes a copy of it.
            cases.push(this.read(i));
        }
    }

    function read(uint256 i) external view returns (Case memory it) {
        string memory file = inferenceVectors("draw");
        string memory input = string.concat(caseAt(i), ".input.");
        string memory output = string.concat(caseAt(i), ".output.");
        it.name = json.parseJsonString(file, string.concat(input, "name"));
        it.seed = json.parseJsonBytes32(file, string.concat(input, "seed"));
        it.choice = uint16(json.parseJsonUint(file, string.concat(input, "choice")));
        it.position = uint32(json.parseJsonUint(file, string.concat(input, "position")));
        it.temperature = json.parseJsonUint(file, string.concat(input, "temperature"));
        it.topP = json.parseJsonUint(file, string.concat(input, "topP"));
        it.below = distancesAt(file, string.concat(input, "candidates"));
        it.random = json.parseJsonUint(file, string.concat(output, "random"));
        it.drawn = json.parseJsonUint(file, string.concat(output, "drawn"));
        if (it.temperature == 0) return it;
        it.weights = json.parseJsonUintArray(file, string.concat(output, "weights"));
        it.nucleus = json.parseJsonUint(file, string.concat(output, "nucleus"));
        it.sum = json.parseJsonUint(file, string.concat(output, "sum"));
    }

    function test_vectors() external view {
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory it = cases[i];
            vm.assertEq(libraries.random(it.seed, it.choice, it.position), it.random, it.name);
            vm.assertEq(libraries.draw(it.below, it.temperature, it.topP, it.random), it.drawn, it.name);
        }
    }

    function test_weightsOfTheVectors() external view {
        uint256 checked;
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory it = cases[i];
            for (uint256 j = 0; j < it.weights.length; ++j) {
                vm.assertEq(libraries.weight(it.below[j] * 1000 / it.temperature), it.weights[j], it.name);
                ++checked;
            }
        }
        vm.assertGe(checked, 1000, "weights");
    }

    /// Any random number draws what the weights and the nucleus of the vector say.
    function testFuzz_anyNumberOnAVector(uint256 i, uint64 number) external view {
        Case memory it = cases[within(i, 0, cases.length - 1)];
        uint256 expected = 0;
        if (it.temperature > 0) {
            uint256 left = uint256(number) * it.sum / 2 ** 64;
            for (uint256 running = it.weights[0]; running <= left; running += it.weights[++expected]) {}
            vm.assertTrue(expected < it.nucleus, "the vector's numbers fit each other");
        }
        vm.assertEq(libraries.draw(it.below, it.temperature, it.topP, number), expected, it.name);
    }

    /// The page's own words, step by step and without a shortcut.
    function testFuzz_asThePageSays(
        uint16[12] memory steps,
        uint256 count,
        uint32 temperature,
        uint32 topP,
        uint64 number
    ) external view {
        count = within(count, 1, 12);
        topP = uint32(within(topP, 1, 1_000_000));
        temperature = uint32(temperature % 3 == 0 ? within(temperature, 0, 3000) : temperature);
        uint256[] memory below = new uint256[](count);
        for (uint256 i = 1; i < count; ++i) {
            below[i] = below[i - 1] + steps[i] % 800;
        }
        vm.assertEq(
            libraries.draw(below, temperature, topP, number), drawSlowly(below, temperature, topP, number), "drawn"
        );
    }

    /// Weights fall with the distance, up to what rounding down fourteen times leaves.
    function testFuzz_weightsFall(uint256 gap) external view {
        gap = within(gap, 0, 20_000);
        uint256 here = libraries.weight(gap);
        vm.assertGe(here + 14, libraries.weight(gap + 1), "a further one has no more weight, but for rounding");
        vm.assertTrue((here > 0) == (gap < 16_384), "from 16,384 on nothing");
    }

    function drawSlowly(uint256[] memory below, uint256 temperature, uint256 topP, uint256 number)
        private
        pure
        returns (uint256 drawn)
    {
        if (temperature == 0) return 0;
        uint256 all;
        uint256[] memory weights = new uint256[](below.length);
        for (uint256 i = 0; i < below.length; ++i) {
            weights[i] = weighSlowly(below[i] * 1000 / temperature);
            all += weights[i];
        }
        uint256 sum;
        uint256 run;
        do {
            sum += weights[run++];
        } while (sum * 1_000_000 < all * topP);

        uint256 left = number * sum / 2 ** 64;
        uint256 running;
        for (drawn = 0; drawn < run; ++drawn) {
            running += weights[drawn];
            if (running > left) return drawn;
        }
        revert("nothing drawn");
    }

    function weighSlowly(uint256 gap) private pure returns (uint256 weight) {
        uint32[14] memory factors = [
            67_041_789,
            66_974_780,
            66_840_965,
            66_574_135,
            66_043_666,
            64_995_376,
            62_948_450,
            59_045_961,
            51_951_788,
            40_218_060,
            24_102_514,
            8_656_549,
            1_116_631,
            18_580
        ];
        if (gap >= 16_384) return 0;
        weight = 2 ** 26;
        for (uint256 bit = 0; bit < 14; ++bit) {
            if (gap / 2 ** bit % 2 == 1) weight = weight * factors[bit] / 2 ** 26;
        }
    }
}
