"""Certificates, degrees, licences and badges that people have."""
