// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Cheatcodes} from "./Cheatcodes.sol";

/// @notice What every test and helper starts from.
abstract contract Test {
    /// @dev The address at which the test machine listens for cheatcodes.
    Cheatcodes internal constant vm = Cheatcodes(address(uint160(uint256(keccak256("hevm cheat code")))));

    bool public constant IS_TEST = true;

    /// @dev Order of the signature curve; signature (r, s, v) and (r, ORDER - s, other v) are by the same key.
    uint256 internal constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /// @dev Deploys a contract by its artifact's name, so that tests need not contain its code.
    function deployed(string memory artifact, bytes memory arguments) internal returns (address instance) {
        bytes memory creationCode = bytes.concat(vm.getCode(artifact), arguments);
        assembly ("memory-safe") {
            instance := create(0, add(creationCode, 0x20), mload(creationCode))
        }
        require(instance != address(0), "deployment failed");
    }

    /// @dev Maps any number into [low, high] so that a fuzzed value is never thrown away.
    function within(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }

    /// @dev ECDSA signature as 65 bytes r, s, v.
    function signature(uint256 privateKey, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev The twin of a signature: another 65 bytes that a careless contract accepts in its place.
    function malleated(uint256 privateKey, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        return abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }
}
