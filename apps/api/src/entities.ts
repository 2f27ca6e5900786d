/** The rows of all features. */
import { AccountRevocation } from './accounts/account-revocation.entity.js';
import { AccountToken } from './accounts/account-token.entity.js';
import { Account } from './accounts/account.entity.js';
import { Organisation } from './accounts/organisation.entity.js';
import { RoleAssignment } from './accounts/role-assignment.entity.js';
import { Session } from './accounts/session.entity.js';
import { SigningKey } from './accounts/signing-key.entity.js';
import { Award } from './awards/award.entity.js';
import { AnnouncedPart } from './bids/announced-part.entity.js';
import { BidPart } from './bids/bid-part.entity.js';
import { BidReconfirmation } from './bids/bid-reconfirmation.entity.js';
import { BidDelivery } from './bids/bid-delivery.entity.js';
import { BidVoid } from './bids/bid-void.entity.js';
import { BidWithdrawal } from './bids/bid-withdrawal.entity.js';
import { Bid } from './bids/bid.entity.js';
import { BoxAttestation } from './bids/box-attestation.entity.js';
import { BoxBid } from './bids/box-bid.entity.js';
import { Box } from './bids/box.entity.js';
import { ErasureDecline } from './erasures/erasure-decline.entity.js';
import { ErasureRequest } from './erasures/erasure-request.entity.js';
import { Erasure } from './erasures/erasure.entity.js';
import { ConflictDeclaration } from './evaluations/conflict-declaration.entity.js';
import { EvaluationSignature } from './evaluations/evaluation-signature.entity.js';
import { Evaluation } from './evaluations/evaluation.entity.js';
import { Finding } from './evaluations/finding.entity.js';
import { Notification } from './notifications/notification.entity.js';
import { DocumentScan } from './openings/document-scan.entity.js';
import { OpeningDelay } from './openings/opening-delay.entity.js';
import { ReadinessWarning } from './openings/readiness-warning.entity.js';
import { OpenedBid } from './openings/opened-bid.entity.js';
import { OpenedDocument } from './openings/opened-document.entity.js';
import { Opening } from './openings/opening.entity.js';
import { ReadinessChallenge } from './openings/readiness-challenge.entity.js';
import { ReadinessProof } from './openings/readiness-proof.entity.js';
import { SeedDisclosure } from './openings/seed-disclosure.entity.js';
import { ShareComplaint } from './openings/share-complaint.entity.js';
import { ShareRejection } from './openings/share-rejection.entity.js';
import { ShareRelease } from './openings/share-release.entity.js';
import { Share } from './openings/share.entity.js';
import { ObjectDamage } from './platform/object-store/object-damage.entity.js';
import { StorageAudit } from './storage/storage-audit.entity.js';
import { Lot } from './tenders/lot.entity.js';
import { OpenerKey } from './tenders/opener-key.entity.js';
import { TenderCancellation } from './tenders/tender-cancellation.entity.js';
import { TenderFile } from './tenders/tender-document.entity.js';
import { TenderNotice } from './tenders/tender-notice.entity.js';
import { TenderPublication } from './tenders/tender-publication.entity.js';
import { TenderReturn } from './tenders/tender-return.entity.js';
import { TenderVersion } from './tenders/tender-version.entity.js';
import { Tender } from './tenders/tender.entity.js';
import { ClockMeasurement } from './platform/clock/clock-measurement.entity.js';
import { Probe } from './platform/probe/probe.entity.js';
import { Outage } from './bids/outage.entity.js';
import { VendorDecision } from './vendors/vendor-decision.entity.js';
import { VendorDraft } from './vendors/vendor-draft.entity.js';
import { VendorDocument } from './vendors/vendor-document.entity.js';
import { VendorExclusionRequest } from './vendors/vendor-exclusion-request.entity.js';
import { VendorExclusion } from './vendors/vendor-exclusion.entity.js';
import { Vendor } from './vendors/vendor.entity.js';
import type { EntityClass } from './platform/database/database.js';

export const ENTITIES: readonly EntityClass[] = [
  AccountRevocation,
  AccountToken,
  Account,
  Organisation,
  RoleAssignment,
  Session,
  SigningKey,
  Award,
  AnnouncedPart,
  BidPart,
  BidReconfirmation,
  BidDelivery,
  BidVoid,
  BidWithdrawal,
  Bid,
  BoxAttestation,
  ClockMeasurement,
  Probe,
  Outage,
  BoxBid,
  Box,
  ErasureDecline,
  ErasureRequest,
  Erasure,
  ConflictDeclaration,
  EvaluationSignature,
  Evaluation,
  Finding,
  Notification,
  ObjectDamage,
  StorageAudit,
  DocumentScan,
  OpenedBid,
  OpenedDocument,
  OpeningDelay,
  Opening,
  ReadinessChallenge,
  ReadinessProof,
  ReadinessWarning,
  SeedDisclosure,
  ShareComplaint,
  ShareRejection,
  ShareRelease,
  Share,
  Lot,
  OpenerKey,
  TenderCancellation,
  TenderFile,
  TenderNotice,
  TenderPublication,
  TenderReturn,
  TenderVersion,
  Tender,
  VendorDecision,
  VendorDocument,
  VendorDraft,
  VendorExclusionRequest,
  VendorExclusion,
  Vendor,
];
