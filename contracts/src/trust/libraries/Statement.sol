// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {ProofErrors} from "./ProofErrors.sol";

/// @title Statement
/// @notice How offers and receipts are signed: EIP-712 `Statement(string kind,bytes32 digest)` in the domain {Heddle, 1,
/// chainId, settlement}. A signature for one kind never passes as another.
library Statement {
    bytes32 private constant TYPEHASH = keccak256("Statement(string kind,bytes32 digest)");
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @notice Separator of the domain of one chain and one settlement contract.
    function separatorOf(uint256 chainId, address settlement) internal pure returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Heddle"), keccak256("1"), chainId, settlement));
    }

    /// @notice Reverts unless the provider signed.
    /// @param separator Separator of the domain.
    /// @param kind keccak256 of the kind.
    /// @param digest What was signed.
    function verify(bytes32 separator, bytes32 kind, bytes32 digest, bytes calldata signature, address provider)
        internal
        pure
    {
        bytes32 statement = keccak256(abi.encode(TYPEHASH, kind, digest));
        bytes32 hash = keccak256(abi.encodePacked(hex"1901", separator, statement));

        // Where nothing is recovered the signer is zero; a text may name that too.
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(hash, signature);
        if (failure != ECDSA.RecoverError.NoError || signer != provider) revert ProofErrors.NotSignedByProvider();
    }
}
