// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title HeddleToken
/// @notice Heddle (HED): the token in which work on the network is paid. ERC-20 with 18 decimals, EIP-2612 permits,
/// EIP-3009 authorizations and a supply that never exceeds a thousand million tokens.
/// @dev EIP-3009 comes in two forms. With v, r, s it takes signatures of plain keys. With `bytes` it also takes what a
/// contract wallet accepts through ERC-1271.
contract HeddleToken is ERC20Capped, ERC20Permit, ERC3009 {
    /// @notice Highest supply there can ever be, in the smallest unit.
    uint256 public constant MAX_SUPPLY = 1_000_000_000e18;

    /// @notice The account that may create tokens. It is fixed at construction; on a development chain it is the faucet.
    address public immutable minter;

    /// @notice Only the minter may create tokens.
    error NotMinter(address caller);

    /// @param minter_ The account that may create tokens; zero means that nobody may.
    constructor(address minter_) ERC20("Heddle", "HED") ERC20Capped(MAX_SUPPLY) ERC20Permit("Heddle") {
        minter = minter_;
    }

    /// @notice Creates tokens up to the cap. Reverts with `NotMinter` or `ERC20ExceededCap`.
    /// @param to Who gets them.
    /// @param amount Tokens in the smallest unit.
    function mint(address to, uint256 amount) external {
        if (msg.sender != minter) revert NotMinter(msg.sender);
        _mint(to, amount);
    }

    /// @notice Moves tokens under a signature of their owner. Anyone may send it, and whoever sees it may send it first;
    /// a contract that acts on the payment uses `receiveWithAuthorization`.
    /// @param from Owner and signer.
    /// @param to Recipient.
    /// @param value Tokens in the smallest unit.
    /// @param validAfter Unix time in seconds after which the authorization holds.
    /// @param validBefore Unix time in seconds before which the authorization holds.
    /// @param nonce Any value that the owner has not used or cancelled.
    /// @param signature ECDSA signature r, s, v of a plain key, or what the owner's contract wallet accepts.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _requireSignature(
            from,
            keccak256(
                abi.encode(TRANSFER_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce)
            ),
            signature
        );
        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @notice Moves tokens to the caller under a signature of their owner.
    /// @param from Owner and signer.
    /// @param to Recipient; must be the caller.
    /// @param value Tokens in the smallest unit.
    /// @param validAfter Unix time in seconds after which the authorization holds.
    /// @param validBefore Unix time in seconds before which the authorization holds.
    /// @param nonce Any value that the owner has not used or cancelled.
    /// @param signature ECDSA signature r, s, v of a plain key, or what the owner's contract wallet accepts.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _requireSignature(
            from,
            keccak256(abi.encode(RECEIVE_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce)),
            signature
        );
        if (to != msg.sender) revert ERC20InvalidReceiver(to);
        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @notice Takes back an authorization that was not used yet.
    /// @param authorizer Who had signed it.
    /// @param nonce Its nonce.
    /// @param signature ECDSA signature r, s, v of a plain key, or what the authorizer's contract wallet accepts.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external {
        _requireSignature(
            authorizer, keccak256(abi.encode(CANCEL_AUTHORIZATION_TYPEHASH, authorizer, nonce)), signature
        );
        _cancelAuthorization(authorizer, nonce);
    }

    /// @dev Checks a signature of a plain key or, through ERC-1271, of a contract wallet.
    function _requireSignature(address signer, bytes32 structHash, bytes calldata signature) private view {
        bytes32 digest = _hashTypedDataV4(structHash);
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) revert ERC3009InvalidSignature();
    }

    /// @dev Times are seconds and nothing else, as EIP-3009 has it. The library would read two values that both have
    /// bit 47 set as block numbers.
    function _checkValidity(uint256 validAfter, uint256 validBefore) internal view override {
        if (block.timestamp <= validAfter || block.timestamp >= validBefore) {
            revert ERC3009InvalidAuthorizationTime(validAfter, validBefore);
        }
    }

    /// @dev Both bases watch balances; the cap is the only addition.
    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Capped) {
        super._update(from, to, value);
    }
}
