// Reads a published log with the Go project's own packages (golang.org/x/mod/sumdb) and nothing of ours:
//
//	verify BASE-URL POLICY-FILE [OLDER-CHECKPOINT-FILE] [RECEIPT-FILE]
//
// It opens the checkpoint, checks the witness's cosignature, replays every entry into the tiles, proves every leaf and
// every older tree, and checks the receipt. It prints one line a check and ends with 1 at the first that fails.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(what string, err error) {
	if err != nil {
		fmt.Printf("FAILED %s: %v\n", what, err)
		os.Exit(1)
	}
}

func get(url string) ([]byte, error) {
	answer, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return nil, fmt.Errorf("%s answers %d", url, answer.StatusCode)
	}
	return io.ReadAll(answer.Body)
}

// tiles reads C2SP tlog-tiles: the names of sumdb's tiles of height 8, without the height.
type tiles struct{ base string }

func (t tiles) Height() int                           { return 8 }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := get(t.base + "/" + strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func bundle(base string, n int64, width int) ([][]byte, error) {
	path := strings.Replace(tlog.Tile{H: 8, L: 0, N: n, W: width}.Path(), "tile/8/0/", "tile/entries/", 1)
	data, err := get(base + "/" + path)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		size := int(binary.BigEndian.Uint16(data))
		entries, data = append(entries, data[2:2+size]), data[2+size:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%s holds %d entries", path, len(entries))
	}
	return entries, nil
}

// openCheckpoint verifies the log's signature with sumdb/note and returns the tree and the notes' other signatures.
func openCheckpoint(text []byte, verifier note.Verifier) (tlog.Tree, *note.Note) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	must("the log's signature", err)
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		must("the origin", fmt.Errorf("%q", lines[0]))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must("the size", err)
	root, err := tlog.ParseHash(lines[2])
	must("the root", err)
	return tlog.Tree{N: size, Hash: root}, opened
}

// cosigned checks a C2SP cosignature/v1 by hand: x/mod has no verifier of this type.
func cosigned(opened *note.Note, vkey string) error {
	parts := strings.SplitN(vkey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || key[0] != 4 {
		return fmt.Errorf("not a witness key: %s", vkey)
	}
	for _, signature := range opened.UnverifiedSigs {
		raw, err := base64.StdEncoding.DecodeString(signature.Base64)
		if err != nil || signature.Name != parts[0] || len(raw) != 4+8+64 {
			continue
		}
		time := binary.BigEndian.Uint64(raw[4:12])
		message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, opened.Text)
		if ed25519.Verify(key[1:], []byte(message), raw[12:]) {
			return nil
		}
	}
	return fmt.Errorf("no cosignature of %s holds", parts[0])
}

func checkReceipt(file string, verifier note.Verifier, witness string) {
	text, err := os.ReadFile(file)
	must("the receipt's file", err)
	head, checkpoint, _ := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		must("the receipt's form", fmt.Errorf("%q", lines[0]))
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	must("the receipt's extra", err)
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	must("the receipt's index", err)
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		must("a hash of the receipt", err)
		proof = append(proof, hash)
	}
	// 0x01 salt entry: the leaf is 0x01 and the commitment of both.
	entry := sha256.Sum256(extra[33:])
	commitment := sha256.Sum256(bytes.Join([][]byte{[]byte("segel/log/blinded/v1\x00"), extra[1:33], entry[:]}, nil))
	leaf := append([]byte{1}, commitment[:]...)
	tree, opened := openCheckpoint([]byte(checkpoint), verifier)
	must("the receipt's cosignature", cosigned(opened, witness))
	must("the receipt's inclusion", tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)))
	fmt.Printf("ok receipt of leaf %d in a tree of %d\n", index, tree.N)
}

func main() {
	base := os.Args[1]
	policy, err := os.ReadFile(os.Args[2])
	must("the policy's file", err)
	var logKey, witnessKey string
	for _, line := range strings.Split(string(policy), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "log" {
			logKey = fields[1]
		} else if len(fields) > 2 && fields[0] == "witness" {
			witnessKey = fields[2]
		}
	}
	verifier, err := note.NewVerifier(logKey)
	must("the log's key", err)
	text, err := get(base + "/checkpoint")
	must("the checkpoint", err)
	tree, opened := openCheckpoint(text, verifier)
	must("the cosignature", cosigned(opened, witnessKey))
	fmt.Printf("ok checkpoint of %d, signed and cosigned\n", tree.N)

	reader := tlog.TileHashReader(tree, tiles{base})
	for n := int64(0); n*256 < tree.N; n++ {
		width := int64(256)
		if tree.N-n*256 < width {
			width = tree.N - n*256
		}
		entries, err := bundle(base, n, int(width))
		must("a bundle", err)
		for i, entry := range entries {
			index := n*256 + int64(i)
			hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
			must("a leaf's hash from the tiles", err)
			if tlog.RecordHash(entry) != hashes[0] {
				must("entry "+strconv.FormatInt(index, 10), fmt.Errorf("is not the leaf of the tree"))
			}
			proof, err := tlog.ProveRecord(tree.N, index, reader)
			must("a proof of inclusion", err)
			must("an inclusion", tlog.CheckRecord(proof, tree.N, tree.Hash, index, hashes[0]))
		}
	}
	fmt.Printf("ok %d entries, each with its proof of inclusion\n", tree.N)

	older, err := os.ReadFile(os.Args[3])
	must("the older checkpoint's file", err)
	before, _ := openCheckpoint(older, verifier)
	proof, err := tlog.ProveTree(tree.N, before.N, reader)
	must("a proof of consistency", err)
	must("a consistency", tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash))
	fmt.Printf("ok the tree of %d is a prefix\n", before.N)
	checkReceipt(os.Args[4], verifier, witnessKey)
}
